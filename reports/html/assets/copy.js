// Copy buttons, the tabs with the ways to reproduce a failure, and opening all of a tree. They listen on the whole
// document, since the drawer's content comes and goes.
(() => {
  const said = document.getElementById("said");

  const copied = (button) => {
    const label = button.querySelector("span");
    const before = button.dataset.label ?? label.textContent;
    button.dataset.label = before;
    button.classList.add("done");
    label.textContent = "Copied";
    said.textContent = "Copied to the clipboard";
    setTimeout(() => { button.classList.remove("done"); label.textContent = before; said.textContent = ""; }, 1600);
  };

  // Pages from a file may be refused the clipboard; the old way works there.
  const copyOldWay = (text, place) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden-text";
    place.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copyOldWay(text, button.parentElement)) { said.textContent = "The browser refused the clipboard"; return; }
      button.focus();
    }
    copied(button);
  };

  const choose = (tab) => {
    const list = tab.closest("[role=tablist]");
    const tabs = [...list.querySelectorAll("[role=tab]")];
    const panels = [...list.parentElement.querySelectorAll(":scope > [role=tabpanel]")];
    tabs.forEach((each, index) => {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      panels[index].hidden = each !== tab;
    });
  };

  const unfold = (toggle, open) => {
    toggle.setAttribute("aria-expanded", String(open));
    toggle.closest("li").classList.toggle("closed", !open);
  };

  const unfoldAll = (button) => {
    const toggles = [...button.closest("section").querySelectorAll("[data-toggle]")];
    const open = toggles.some((each) => each.getAttribute("aria-expanded") === "false");
    toggles.forEach((each) => unfold(each, open));
    button.textContent = open ? "Close all" : "Open all";
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      const code = button.parentElement.querySelector("code");
      copy(code && button.closest(".code") ? code.textContent : location.href, button);
    }
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) unfold(toggle, toggle.getAttribute("aria-expanded") === "false");
    const all = event.target.closest("[data-unfold]");
    if (all) unfoldAll(all);
  });

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const tabs = [...tab.parentElement.children];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
    event.preventDefault();
  });
})();
