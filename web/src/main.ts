// The page begins: with the data that stands in it, or from the server that it came from.

import { Page } from "./page";
import { fetched, follow, inlined } from "./source";

function begin(): void {
  const page = new Page(document.getElementById("page")!);
  const data = inlined();
  if (data) return page.load(data, data.diagnostics, null);
  const load = async (): Promise<void> => {
    const { data, faults, trouble } = await fetched();
    page.load(data, faults, trouble);
  };
  follow(() => void load(), () => page.load(null, [], "The server does not answer; what is shown is what it said last."));
}

// Inlined, the script stands before the data.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
