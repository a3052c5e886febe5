// The page: the address says what is shown, every act changes the address, and all parts are shown anew from it. What is
// found once (states, lists) is kept for as long as it holds.

import { type Address, command, leftSide, readAddress, START, writeAddress } from "./address";
import { diff } from "./ask";
import { Chronicle, type Data, type Diagnostic } from "./chronicle";
import { Colours } from "./colours";
import { CompareControls, Controls } from "./controls";
import { dateAt } from "./date";
import { Copies, Keys, Settings } from "./dialogs";
import { button, el, fill, words } from "./dom";
import { EventList, findEvents, type Found, howIn } from "./events";
import { State } from "./fold";
import { compare, isFinite } from "./moment";
import { Motion } from "./motion";
import { Reasons } from "./reasons";
import { Banner, Legend, Panes, themeButton } from "./shell";
import { StatePane } from "./state";
import { Timeline } from "./timeline";
import { type Selectors, View } from "./view";
import { citationText, count, countWords, momentWords, viewpointWords } from "./words";

export class Page {
  readonly #settings = new Settings();
  readonly #title = el("h1", {});
  readonly #heading = el("p", { class: "heading" });
  /** The heading as readers of screens are told of it: when it rests. */
  readonly #said = el("p", { class: "aside", role: "status" });
  readonly #banner = new Banner();
  readonly #controls: Controls;
  readonly #timeline: Timeline;
  readonly #legend: Legend;
  readonly #list: EventList;
  readonly #state: StatePane;
  readonly #reasons: Reasons;
  readonly #compare: CompareControls;
  readonly #panes: Panes;
  readonly #keys = new Keys(this.#settings);
  readonly #copies = new Copies();
  readonly #paths: HTMLInputElement;
  #chronicle: Chronicle | null = null;
  #address: Address = START;
  #shown: State | null = null;
  /** The state before the one shown: what has just changed is told against it. */
  #before: State | null = null;
  #plain: State | null = null;
  #left: State | null = null;
  #colours: Colours | null = null;
  #found: { found: Found; key: string } | null = null;
  readonly #root: HTMLElement;
  readonly #motion: Motion;
  #toWrite: ReturnType<typeof setTimeout> | null = null;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#motion = new Motion({ step: () => this.#step(1), rest: () => this.#draw(), playing: (on) => this.#controls.playing(on) });
    const select = (part: Partial<Selectors>): void => this.#select(part);
    this.#controls = new Controls({ select, compare: (compare) => this.#go({ compare }), step: (by) => this.#step(by), play: () => this.#motion.play() });
    this.#timeline = new Timeline({
      move: (seconds, step, done) => this.#move(seconds, step, done),
      step: (by, held) => this.#step(by, held),
      edge: (last) => this.#edge(last),
      select: (event) => this.#open({ event }),
      zoomed: (zoom) => this.#write({ ...this.#address, zoom }, true),
    });
    this.#legend = new Legend((colour) => this.#go({ colour }), (filter) => this.#go({ find: this.#address.find === filter ? "" : filter }));
    this.#list = new EventList((asked) => this.#go(asked, true), (event) => this.#open({ event }));
    this.#state = new StatePane((path) => this.#open({ path }), () => this.#go({ compare: { kind: "plain" } }));
    this.#reasons = new Reasons({
      event: (event) => this.#open({ event }),
      path: (path) => this.#open({ path }),
      stand: (at) => select({ at }),
      without: (filter, out) => this.#without(filter, out),
      find: (find) => this.#go({ find }),
    });
    this.#compare = new CompareControls((compare) => this.#go({ compare }));
    this.#paths = el("input", { type: "search", "aria-label": "Filter the state", placeholder: "filter", autocomplete: "off", spellcheck: "false", oninput: () => this.#go({ paths: this.#paths.value }, true) });
    this.#panes = new Panes(this.#list.element, this.#paths);
    const theme = themeButton(this.#settings, () => this.#timeline.redraw());
    fill(
      root,
      el(
        "header",
        { class: "top" },
        el("div", { class: "says" }, this.#title, this.#heading, this.#said),
        el("div", { class: "tools" }, button("Copy…", () => this.#copy(), { title: "Link, citation, command (y)" }), theme, button("?", () => this.#keys.open(), { "aria-label": "Keys", title: "Keys (?)" })),
      ),
      this.#banner.element,
      this.#controls.element,
      el("section", { class: "time", "aria-label": "Timeline" }, this.#timeline.element, el("div", { class: "under" }, this.#legend.element, this.#timeline.buttons())),
      this.#panes.element,
      this.#keys.element,
      this.#copies.element,
    );
    window.addEventListener("hashchange", () => this.#fromAddress());
    window.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("keyup", () => this.#motion.end());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#timeline.redraw());
    window.addEventListener("beforeprint", () => this.#print(true));
    window.addEventListener("afterprint", () => this.#print(false));
    matchMedia("print").addEventListener("change", ({ matches }) => this.#print(matches));
  }

  /** On paper the list is whole, and what is painted is dark on white. */
  #print(on: boolean): void {
    document.documentElement.classList.toggle("printing", on);
    this.#motion.end();
    this.#list.whole(on);
    this.#timeline.redraw(true);
    if (this.#shown) this.#draw();
  }

  /** Takes in what was loaded. Where there is no new chronicle, the last good one stays. */
  load(data: Data | null, faults: readonly Diagnostic[], trouble: string | null): void {
    this.#banner.show(faults, trouble, data?.left_out ?? this.#chronicle?.leftOut ?? 0, this.#chronicle !== null || data !== null);
    if (!data) return;
    const first = this.#chronicle === null;
    this.#motion.end();
    const chronicle = new Chronicle(data);
    this.#chronicle = chronicle;
    this.#shown = this.#before = this.#plain = this.#left = null;
    this.#colours = this.#found = null;
    document.title = `${chronicle.title} – asof`;
    fill(this.#title, words(chronicle.title));
    if (first) {
      this.#timeline.open(chronicle, readAddress(location.hash).zoom);
      this.#fromAddress();
    } else if (!this.#show(this.#address)) {
      this.#show({ ...START, colour: this.#address.colour });
    }
  }

  #fromAddress(): void {
    if (!this.#chronicle) return;
    const asked = readAddress(location.hash);
    if (location.hash && writeAddress(asked) === writeAddress(this.#address) && this.#shown) return;
    this.#timeline.setZoom(asked.zoom);
    if (!this.#show(asked) && !this.#shown) this.#show({ ...START, zoom: asked.zoom }, true);
    const explicit = this.#explicit(this.#address);
    if (explicit !== this.#address) this.#show(explicit, true);
    this.#write(explicit, true);
  }

  /** The whole viewpoint stands in the address: the last event by its date, or its name, so that a link says the same
   * tomorrow. */
  #explicit(address: Address): Address {
    const { view } = this.#shown!;
    const { last } = view;
    if (address.selectors.at !== null || last === null || !isFinite(view.moment)) return address;
    const event = this.#chronicle!.events[last]!;
    for (const at of [event.since, event.id]) {
      const selectors = { ...address.selectors, at };
      const found = this.#canStand(selectors);
      if (found && compare(found.moment, view.moment) === 0 && found.certain === view.certain) return { ...address, selectors };
    }
    return address;
  }

  #go(part: Partial<Address>, replaces = false): void {
    const next = { ...this.#address, ...part };
    if (this.#show(next)) this.#write(next, replaces);
  }

  #select(part: Partial<Selectors>): void {
    this.#go({ selectors: { ...this.#address.selectors, ...part } });
  }

  #write(address: Address, replaces: boolean): void {
    this.#address = address;
    if (this.#toWrite !== null) clearTimeout(this.#toWrite);
    this.#toWrite = null;
    const hash = writeAddress(address);
    if (hash === location.hash) return;
    if (!replaces) return history.pushState(null, "", hash);
    // Browsers refuse an address that changes with every pixel.
    this.#toWrite = setTimeout(() => history.replaceState(null, "", writeAddress(this.#address)), 120);
  }

  /** Shows an address; where it names what there is not, says so and shows nothing new. */
  #show(address: Address, keepsFault = false): boolean {
    const chronicle = this.#chronicle!;
    let state: State;
    let left: State | null = null;
    try {
      state = this.#stateOf(address.selectors, this.#shown);
      if (address.compare) left = this.#stateOf(leftSide(address.compare, address.selectors), this.#left);
    } catch (fault) {
      fill(this.#controls.fault, (fault as Error).message);
      return false;
    }
    if (!keepsFault) fill(this.#controls.fault);
    if (state !== this.#shown) {
      this.#before = this.#motion.from ?? this.#shown;
      this.#shown = state;
    }
    this.#left = left;
    const { without } = address.selectors;
    this.#plain = without.length ? this.#stateOf({ ...address.selectors, without: [], at: plainAt(state.view) }, this.#plain, state.view) : null;
    this.#address = address;
    if (this.#colours?.by !== address.colour) this.#colours = new Colours(chronicle, address.colour);
    this.#draw();
    return true;
  }

  /** A state; the same as before if nothing of the viewpoint is another. */
  #stateOf(selectors: Selectors, before: State | null, at?: View): State {
    if (!at && before && JSON.stringify(before.view.selectors) === JSON.stringify(selectors)) return before;
    const view = View.of(this.#chronicle!, selectors);
    return State.of(at ? view.atMoment(at.moment, at.certain) : view, before);
  }

  /** Draws what is shown; while it moves only what follows at once: heading, moment, values, and how events stand. */
  #draw(): void {
    const [state, address, chronicle] = [this.#shown!, this.#address, this.#chronicle!];
    const { view } = state;
    const moving = this.#motion.isMoving;
    this.#root.classList.toggle("moving", moving);
    const said = viewpointWords(view);
    fill(this.#heading, words(said[0]!.toUpperCase() + said.slice(1)), ": ", el("span", { class: "counts" }, countWords(state)));
    this.#controls.show(address, view);
    const event = address.event === null ? null : chronicle.find(address.event);
    const path = address.path === null ? null : (chronicle.pathNumbers.get(address.path) ?? null);
    const how = howIn(view);
    const asked = { find: address.find, since: address.since, until: address.until };
    const key = JSON.stringify(asked);
    if (this.#found?.key !== key) this.#found = { found: findEvents(chronicle, asked), key };
    const { found } = this.#found;
    this.#timeline.show({
      chronicle,
      colours: this.#colours!,
      ...how,
      selected: event?.number ?? null,
      found: found.numbers,
      moment: view.moment.s,
      words: momentWords(view),
      flag: view.at.kind === "event" ? view.at.event.words : momentWords(view).replace(/^the end of /, ""),
      steps: [view.certain, chronicle.events.length],
    });
    if (moving) {
      this.#list.restand(how, event?.number ?? null);
      if (!address.compare) this.#middle(state, path, true);
      return;
    }
    this.#legend.show(this.#colours!, address.find);
    const near = view.at.kind === "event" ? view.at.event.number : view.last;
    this.#panes.keepingFocus(() => {
      this.#list.show(found, asked, how, event?.number ?? null, near, key);
      if (this.#paths.value !== address.paths) this.#paths.value = address.paths;
      this.#middle(state, path, false);
      if (path !== null) this.#panes.why("Why", this.#reasons.why(state, path));
      else if (event) this.#panes.why("Event", this.#reasons.event(state, event));
      else this.#panes.why(null, [el("p", { class: "empty" }, "Press a value to see who says so, since when, and who says otherwise; press an event to see it whole.")]);
    });
    // One that plays would be spoken over by the next.
    const heard = this.#heading.textContent!;
    if (!this.#motion.isPlaying && this.#said.textContent !== heard) fill(this.#said, heard);
  }

  /** In the middle stands the state, or what differs from the other side of a comparison. */
  #middle(state: State, path: number | null, moving: boolean): void {
    const { compare, paths } = this.#address;
    if (!compare || !this.#left) {
      this.#state.show(state, { before: this.#before, plain: this.#plain, selected: path, filter: paths, moving });
      this.#panes.middle("State", [this.#state.summary, this.#state.element]);
      return;
    }
    this.#compare.show(compare, state.view);
    const wanted = paths.trim().toLowerCase();
    const changes = diff(this.#left, state).filter((one) => this.#chronicle!.paths[one.path]!.path.toLowerCase().includes(wanted));
    this.#panes.middle("What differs", [
      this.#compare.element,
      el("dl", { class: "sides" }, el("dt", {}, "from"), el("dd", {}, words(viewpointWords(this.#left.view))), el("dt", {}, "to"), el("dd", {}, words(viewpointWords(state.view)))),
      el("p", { class: "count", role: "status" }, changes.length ? count(changes.length, "difference") : "Nothing differs."),
      el("ul", { class: "differences" }, changes.map((one) => this.#reasons.difference(state, one))),
    ]);
  }

  #open(what: { path?: number; event?: number }): void {
    const path = what.path === undefined ? null : this.#chronicle!.paths[what.path]!.path;
    const event = what.event === undefined ? null : this.#chronicle!.events[what.event]!.id;
    this.#go({ path, event });
    this.#panes.show("reasons");
  }

  #without(filter: string, out: boolean): void {
    const { without, at } = this.#address.selectors;
    const next = without.filter((other) => other !== filter);
    const selectors = { ...this.#address.selectors, without: out ? [...next, filter] : next };
    // A moment that is named by what is left out becomes the date that it was.
    const isGone = at !== null && this.#shown!.view.at.kind === "event" && !this.#canStand(selectors);
    this.#go({ selectors: isGone ? { ...selectors, at: plainDate(this.#shown!.view) } : selectors });
  }

  #canStand(selectors: Selectors): View | null {
    try {
      return View.of(this.#chronicle!, selectors);
    } catch {
      return null;
    }
  }

  #move(seconds: number, step: number, done: boolean): void {
    if (!this.#shown) return;
    this.#motion.begin(this.#shown);
    const at = dateAt(seconds, step, this.#chronicle!.calendar.zone);
    const next = { ...this.#address, selectors: { ...this.#address.selectors, at } };
    // In the address stands where it was let go: back is where it began.
    if (!done) return void this.#show(next);
    this.#go(next);
    this.#motion.end();
  }

  /** So many events on, or back; each stands just after it, before the first one just before it. With a key that is held
   * down it is a movement. */
  #step(by: number, held = false): void {
    const { view } = this.#shown!;
    const way = by > 0 ? 1 : -1;
    let event = by > 0 ? view.certain - 1 : view.last;
    let isBeforeFirst = false;
    for (let left = Math.abs(by); left > 0 && event !== null; left--) {
      const next = view.next(event, way);
      if (next === null) isBeforeFirst = by < 0;
      if (next === null) break;
      event = next;
    }
    if (event === null || event < 0 || (by > 0 && event < view.certain)) return this.#motion.stop();
    if (held) this.#motion.begin(this.#shown!);
    const { id } = this.#chronicle!.events[event]!;
    const shows = this.#address.path === null ? { path: null, event: id } : {};
    this.#go({ selectors: { ...this.#address.selectors, at: isBeforeFirst ? `${id}^` : id }, ...shows }, held);
    this.#timeline.follow();
  }

  #edge(last: boolean): void {
    const { view } = this.#shown!;
    const target = last ? view.next(this.#chronicle!.events.length, -1) : view.next(-1, 1);
    if (target === null) return;
    const { id } = this.#chronicle!.events[target]!;
    this.#select({ at: last ? id : `${id}^` });
    this.#timeline.follow();
  }

  #copy(): void {
    const state = this.#shown!;
    const path = this.#address.path === null ? null : (this.#chronicle!.pathNumbers.get(this.#address.path) ?? null);
    const event = this.#address.event === null ? null : this.#chronicle!.find(this.#address.event);
    const url = location.href.replace(/#.*$/, "") + writeAddress(this.#explicit(this.#address));
    this.#copies.open([
      ["Link", url],
      ["Citation", citationText(state, path, event, url)],
      ["Command", command(this.#address)],
    ]);
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const types = target.closest("input, textarea, select, dialog") !== null;
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || types) return;
    if (event.key === "Escape") {
      if (this.#address.path !== null || this.#address.event !== null) this.#go({ path: null, event: null });
      return;
    }
    const isOnControl = target.closest("button, a, summary, [role=slider]") !== null;
    if (this.#settings.get("keys") === "off" && event.key.length === 1) return;
    if (event.key === " " && isOnControl && target.getAttribute("role") !== "slider") return;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.#step(-1, event.repeat),
      ArrowRight: () => this.#step(1, event.repeat),
      Home: () => this.#edge(false),
      End: () => this.#edge(true),
      " ": () => this.#motion.play(),
      "+": () => this.#timeline.zoom(0.5),
      "=": () => this.#timeline.zoom(0.5),
      "-": () => this.#timeline.zoom(2),
      "0": () => this.#timeline.fit(),
      "/": () => {
        this.#panes.show("events");
        this.#list.focus();
      },
      n: () => this.#controls.toggleBeside(),
      c: () => this.#controls.toggleCompare(),
      y: () => this.#copy(),
      "?": () => this.#keys.open(),
    };
    const act = acts[event.key];
    if (!act || !this.#shown) return;
    event.preventDefault();
    act();
  }
}

/** A moment as a viewpoint without what is left out can have it: an event may not count elsewhere. */
const plainAt = (view: View): string | null => (view.at.kind === "end" ? view.at.date.text : null);

function plainDate(view: View): string {
  return dateAt(view.moment.s - 1, 86400, view.chronicle.calendar.zone);
}

