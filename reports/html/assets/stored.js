// What the page holds compressed: a block of base64 each, unpacked when it is first looked at. The content was escaped
// when the page was drawn, so it goes in as it is; the content security policy would run no script in it anyway.
const stored = (() => {
  const blocks = new Map();

  const unpack = async (name) => {
    if (!("DecompressionStream" in window)) throw new Error("This browser is too old to unpack the details of this page");
    const bytes = Uint8Array.from(atob(document.getElementById(name).textContent.trim()), (each) => each.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  };

  return (name) => {
    if (!blocks.has(name)) blocks.set(name, unpack(name));
    return blocks.get(name);
  };
})();

document.addEventListener("DOMContentLoaded", async () => {
  for (const place of document.querySelectorAll("[data-stored]")) {
    try {
      place.innerHTML = (await stored("sections"))[place.dataset.stored];
    } catch (error) {
      place.textContent = `${error.message}.`;
    }
  }
});
