// The matrix: a column for each rule, a row for each side, as large as fits one screen.
(() => {
  const host = document.getElementById("matrix");
  const tip = document.getElementById("tip");
  const rows = [...document.querySelectorAll("#rule-list > li[data-rule]")];
  const rules = rows.sort((a, b) => a.dataset.index - b.dataset.index).map((row) => ({
    row, id: row.dataset.rule, band: row.dataset.band, group: row.dataset.group, sides: Object.fromEntries([...row.querySelectorAll(".meta .chip")].map((each) => [each.textContent, each.dataset.status])),
    says: row.querySelector(".says").textContent,
  }));
  const words = new Map([...document.querySelectorAll("[data-outcome]")].map((each) => [each.dataset.outcome, each.firstElementChild.nextSibling.textContent.trim()]));
  const known = ["accepts", "rejects", "default", "echo", "shape"];
  const LABEL = 74, BAND = 24, GROUP = 15, GAP = 8, SMALLEST = 5, LARGEST = 20;
  const GLYPHS = {
    FAIL: "M.3.3.7.7M.7.3.3.7", EXPIRED: "M.3.3.7.7M.7.3.3.7", STALE: "M.3.5h.4", ERROR: "M.5.22v.32M.5.77v.01",
    SKIP: "M.3.5h.4", OBSERVED: "M.5.5h.01", KNOWN: "M.35.8V.22h.35",
  };
  const cells = new Map();
  let drawnFor = "";

  const draw = (name, attributes, parent) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };

  const bandOrder = ["Request", "Response", "Behaviour"];
  const bands = [...Map.groupBy ? Map.groupBy(rules, (rule) => rule.band) : grouped(rules)].map(([name, all]) => ({
    name, all, sides: ordered(new Set(all.flatMap((rule) => Object.keys(rule.sides)))),
  })).sort((a, b) => bandOrder.indexOf(a.name) - bandOrder.indexOf(b.name));
  function grouped(all) {
    const found = new Map();
    all.forEach((rule) => found.set(rule.band, [...(found.get(rule.band) ?? []), rule]));
    return found;
  }
  function ordered(sides) {
    const place = (side) => (known.includes(side) ? known.indexOf(side) : known.length);
    return [...sides].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  }
  // Fields keep the order of the description; what belongs to one stands together.
  bands.forEach((band) => {
    const order = [...new Set(band.all.map((rule) => rule.group))];
    band.all.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  });

  // A line has rows only for the sides that some rule in it has.
  const linesOf = (band, columns) => {
    const lines = [];
    for (let from = 0; from < band.all.length; from += columns) {
      const all = band.all.slice(from, from + columns);
      lines.push({ all, sides: band.sides.filter((side) => all.some((rule) => rule.sides[side])) });
    }
    return lines;
  };

  const heightOf = (size, width) => bands.reduce((sum, band) => {
    const lines = linesOf(band, Math.floor((width - LABEL) / size));
    return lines.reduce((height, line) => height + GROUP + line.sides.length * size + GAP, sum + BAND);
  }, 0);

  const sizeFor = (width, height) => {
    let size = LARGEST;
    while (size > SMALLEST && heightOf(size, width) > height) size -= 1;
    return size;
  };

  const drawCell = (rule, side, x, y, size, svg) => {
    const status = rule.sides[side];
    if (!status) return;
    const cell = draw("a", { class: "cell", href: `#rule=${encodeURIComponent(rule.id)}`, tabindex: -1, "data-status": status }, svg);
    const length = Math.max(size - (size > 9 ? 2 : 1), 4);
    cell.setAttribute("aria-label", `${rule.id}, ${side}: ${words.get(status) ?? status}`);
    draw("rect", { x: x + 1, y: y + 1, width: length, height: length, rx: Math.min(3, size / 4) }, cell);
    if (GLYPHS[status] && size > 8) {
      draw("path", { d: GLYPHS[status], transform: `translate(${x + 1} ${y + 1}) scale(${length})` }, cell);
    }
    Object.assign(cell, { rule, side, status });
    cells.set(`${rule.id}\n${side}`, cell);
  };

  // Letters differ in width: what is measured leaves a gap before the next label.
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const drawLabel = (text, x, y, room, svg) => {
    const fits = (shown) => pen.measureText(shown).width <= room - 10;
    let most = text.length;
    while (most > 3 && !fits(most < text.length ? `${text.slice(0, most)}…` : text)) most -= 1;
    const shown = most < text.length ? `${text.slice(0, most)}…` : text;
    if (fits(shown)) draw("text", { x: x + 4, y }, svg).textContent = shown;
  };

  const drawLine = ({ all: line, sides }, y, size, svg) => {
    sides.forEach((side, index) => {
      // A dot for each column, where a cell is drawn over it or not.
      draw("path", { class: "none", d: `M${LABEL + size / 2} ${y + GROUP + (index + 0.5) * size}h${line.length * size - size / 2}`, "stroke-dasharray": `0 ${size}` }, svg);
      const label = draw("text", { x: LABEL - 8, y: y + GROUP + index * size + size / 2 + Math.min(4, size / 3), "text-anchor": "end" }, svg);
      label.textContent = size > 8 || index % 2 === 0 ? side : "";
      label.style.fontSize = `${Math.min(11, Math.max(size, 9))}px`;  // rows closer than letters are high
    });
    line.forEach((rule, index) => {
      const x = LABEL + index * size;
      if (index === 0 || line[index - 1].group !== rule.group) {
        const length = line.slice(index).findIndex((each) => each.group !== rule.group);
        if (index > 0) draw("path", { class: "edge", d: `M${x} ${y + 4}V${y + GROUP + sides.length * size}` }, svg);
        drawLabel(rule.group, x, y + GROUP - 5, (length < 0 ? line.length - index : length) * size, svg);
      }
      sides.forEach((side, row) => drawCell(rule, side, x, y + GROUP + row * size, size, svg));
    });
    return y + GROUP + sides.length * size + GAP;
  };

  const render = () => {
    const width = host.clientWidth;
    const height = Math.max(innerHeight - 270, 360);
    if (!width || drawnFor === `${width} ${height}`) return;
    drawnFor = `${width} ${height}`;
    cells.clear();
    const size = sizeFor(width, height);
    const columns = Math.floor((width - LABEL) / size);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", "Matrix of rules and sides");
    let y = 0;
    for (const band of bands) {
      draw("text", { class: "band", x: 0, y: y + 14 }, svg).textContent = band.name;
      y += BAND - 6;
      for (const line of linesOf(band, columns)) y = drawLine(line, y, size, svg);
      y += 6;
    }
    svg.setAttribute("viewBox", `0 0 ${width} ${y}`);
    host.replaceChildren(svg);
    cells.values().next().value?.setAttribute("tabindex", 0);
    fade();
  };

  const fade = () => cells.forEach((cell) => cell.classList.toggle("faded", cell.rule.row.dataset.out === "yes"));

  const show = (cell) => {
    const box = cell.getBoundingClientRect();
    const id = Object.assign(document.createElement("b"), { textContent: cell.rule.id });
    tip.replaceChildren(id, `${cell.side}: ${words.get(cell.status) ?? cell.status}. ${cell.rule.says}`);
    tip.hidden = false;
    const left = Math.min(Math.max(12, box.left - 20), innerWidth - tip.offsetWidth - 12);
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 60 ? above : box.bottom + 8}px`;
  };

  // One stop for the tab key; from there the arrows move over rules and sides.
  const move = (from, across, down) => {
    const band = bands.find((each) => each.all.includes(from.rule));
    const side = band.sides.indexOf(from.side) + down;
    let at = rules.length, next = null;
    const all = bands.flatMap((each) => each.all);
    at = all.indexOf(from.rule);
    if (across) {
      while (!next && all[at + across]) {
        at += across;
        next = cells.get(`${all[at].id}\n${from.side}`) ?? cells.get(`${all[at].id}\n${Object.keys(all[at].sides)[0]}`);
      }
    } else {
      for (let row = side; band.sides[row] && !next; row += down) next = cells.get(`${from.rule.id}\n${band.sides[row]}`);
    }
    if (!next) return;
    from.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
  };

  const cellOf = (event) => event.target.closest?.(".cell");
  host.addEventListener("pointerover", (event) => { const cell = cellOf(event); if (cell) show(cell); });
  host.addEventListener("pointerout", () => { tip.hidden = true; });
  host.addEventListener("focusin", (event) => { const cell = cellOf(event); if (cell) show(cell); });
  host.addEventListener("focusout", () => { tip.hidden = true; });
  host.addEventListener("keydown", (event) => {
    const arrow = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const cell = cellOf(event);
    if (arrow && cell) { event.preventDefault(); move(cell, ...arrow); }
    if (event.key === "Escape") tip.hidden = true;
  });
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
  document.addEventListener("filtered", fade);
  host.parentElement.hidden = false;
  render();
  new ResizeObserver(render).observe(host);
})();
