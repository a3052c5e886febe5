// Says on the page when the files of the chronicle have faults.
new EventSource("api/changes").addEventListener("change", (event) => {
  const { faults } = JSON.parse(event.data);
  document.getElementById("faults").textContent =
    faults > 0 ? `The files have ${faults} errors; what is shown is the last state without any.` : "";
});
