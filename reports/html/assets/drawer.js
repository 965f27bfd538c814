// One rule in a drawer: opened by `#rule=ID`, wherever the link stands.
const hash = {
  read: () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : ""),
  write: (values, push) => {
    const text = values.toString();
    history[push ? "pushState" : "replaceState"](null, "", text ? `#${text}` : location.pathname + location.search);
  },
};

(() => {
  const drawer = document.getElementById("drawer");
  const body = document.getElementById("drawer-body");
  let shown = null;

  const say = (text) => body.replaceChildren(Object.assign(document.createElement("p"), { id: "drawer-title", textContent: text }));

  const show = async (rule) => {
    shown = rule;
    try {
      const details = await stored("details");
      if (shown !== rule) return;  // another one was opened meanwhile, or this one closed
      if (Object.hasOwn(details, rule)) body.innerHTML = details[rule];
      else say(`This run has no rule ${rule}.`);
    } catch (error) {
      say(`${error.message}.`);
    }
    if (!drawer.open) {
      drawer.showModal();
      body.focus();
    }
    drawer.scrollTop = 0;
  };

  const follow = () => {
    const rule = hash.read().get("rule");
    if (rule !== null) show(rule);
    else {
      shown = null;
      if (drawer.open) drawer.close();
    }
  };

  const step = (by) => {
    const rows = [...document.querySelectorAll("#rule-list > li[data-rule]:not([data-out])")];
    const at = rows.findIndex((row) => row.dataset.rule === shown);
    const next = rows[(at + by + rows.length) % rows.length];
    if (next) go(next.dataset.rule, false);
  };

  const go = (rule, push) => {
    const values = hash.read();
    values.set("rule", rule);
    hash.write(values, push);
    show(rule);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const target = link?.getAttribute("href") ?? "";
    if (target.startsWith("#rule=") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(new URLSearchParams(target.slice(1)).get("rule"), true);
    }
    if (event.target.closest("[data-close]")) drawer.close();
    const arrow = event.target.closest("[data-step]");
    if (arrow) step(Number(arrow.dataset.step));
  });

  // A click beside the drawer lands on the dialog itself.
  drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
  drawer.addEventListener("close", () => {
    const values = hash.read();
    values.delete("rule");
    hash.write(values, false);
    shown = null;
  });
  drawer.addEventListener("toggle", async (event) => {
    const box = event.target;
    if (!box.matches?.("[data-exchange]") || !box.open) return;
    const text = (await stored("exchanges"))[box.dataset.exchange];
    if (box.querySelector(".content")) return;
    box.insertAdjacentHTML("beforeend", text ?? '<p class="content quiet">This exchange is in the record, not on this page.</p>');
  }, true);

  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
  document.addEventListener("DOMContentLoaded", follow);
  window.openRule = (rule) => go(rule, true);
})();
