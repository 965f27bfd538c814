// The filters over the rules. They stand in the address, so a filtered view can be linked to.
(() => {
  const form = document.querySelector(".filters");
  const rows = [...document.querySelectorAll("#rule-list > li[data-rule]")];
  const none = document.querySelector("#rule-list > .empty");
  const found = form.querySelector(".found");
  const buttons = [...form.querySelectorAll("[data-outcome]")];
  const texts = rows.map((row) => row.textContent.toLowerCase());

  const chosen = () => ({
    outcome: buttons.filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.dataset.outcome),
    area: form.elements.area.value,
    level: form.elements.level.value,
    text: form.elements.text.value.trim(),
  });

  const matches = (row, index, wanted, words) =>
    (!wanted.outcome.length || wanted.outcome.includes(row.dataset.status)) &&
    (!wanted.area || row.dataset.area === wanted.area) &&
    (!wanted.level || row.dataset.level === wanted.level) &&
    words.every((word) => texts[index].includes(word));

  // A long list is cut after a few rows, until someone asks for all of it.
  const FEW = 15;
  let few = true;
  const more = document.querySelector(".more");

  const apply = () => {
    const wanted = chosen();
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      const out = !matches(row, index, wanted, words);
      if (out) row.dataset.out = "yes"; else { delete row.dataset.out; count += 1; }
      row.hidden = out || (few && count > FEW);
    });
    none.hidden = count > 0;
    none.parentElement.classList.add("ready");
    more.hidden = !few || count <= FEW;
    more.textContent = `Show all ${count} rules`;
    found.textContent = `${count} ${count === 1 ? "rule" : "rules"}${count < rows.length ? " shown" : ""}`;
    document.dispatchEvent(new Event("filtered"));
    return wanted;
  };

  const remember = (wanted) => {
    const values = hash.read();
    const chosen = { ...wanted, outcome: wanted.outcome.join(",") };
    for (const [name, value] of Object.entries(chosen)) {
      if (value) values.set(name, value); else values.delete(name);
    }
    if (values.size || location.hash.includes("=")) hash.write(values, false);
  };

  const recall = () => {
    const values = hash.read();
    if (location.hash && !location.hash.includes("=")) return;
    const outcomes = (values.get("outcome") ?? "").split(",");
    buttons.forEach((each) => each.setAttribute("aria-pressed", String(outcomes.includes(each.dataset.outcome))));
    form.elements.area.value = values.get("area") ?? "";
    form.elements.level.value = values.get("level") ?? "";
    form.elements.text.value = values.get("text") ?? "";
    const wanted = apply();
    const any = wanted.outcome.length || wanted.area || wanted.level || wanted.text;
    if (any && !values.has("rule")) document.getElementById("rules").scrollIntoView();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => remember(apply()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-outcome]");
    if (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      remember(apply());
    }
    if (event.target === more) {
      few = false;
      apply();
      rows.filter((row) => !row.hidden)[FEW]?.querySelector("a").focus();
    }
    if (event.target.closest("[data-clear]")) {
      buttons.forEach((each) => each.setAttribute("aria-pressed", "false"));
      form.reset();
      remember(apply());
      form.elements.text.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, select, textarea");
    if (event.key === "/" && !typing && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      form.elements.text.focus();
    }
  });
  addEventListener("hashchange", recall);
  apply();
  document.addEventListener("DOMContentLoaded", recall);
})();
