// What does not fit: one line for each element that leaves its slide, or that something cuts off.
// What scrolls on purpose (.scrolls, frames) is measured by its own border, not by what is in it.
() => {
  const SLACK = 1.5;
  const FOOT = 44;
  Reveal.configure({ fragments: false });
  const scale = Reveal.getScale();
  const words = (element) => element.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
  const named = (element) => `${element.tagName.toLowerCase()}${element.className ? `.${String(element.className).split(" ").join(".")}` : ""} “${words(element)}”`;

  const measured = (slide) => {
    const skipped = [...slide.querySelectorAll("aside.notes, .scrolls")];
    return [...slide.querySelectorAll("*")].filter((element) => !skipped.some((other) => other !== element && other.contains(element)) && !element.matches("aside.notes, br, wbr, col, colgroup"));
  };

  const faults = (slide) => {
    const page = slide.getBoundingClientRect();
    const found = [];
    for (const element of measured(slide)) {
      const box = element.getBoundingClientRect();
      if (!box.width && !box.height) continue;
      const left = (box.left - page.left) / scale, right = (box.right - page.left) / scale;
      const top = (box.top - page.top) / scale, bottom = (box.bottom - page.top) / scale;
      const lowest = element.closest(".corner") ? 720 : 720 - FOOT;
      if (left < -SLACK || right > 1280 + SLACK || top < -SLACK || bottom > lowest + SLACK) {
        found.push(`reaches from ${Math.round(left)}, ${Math.round(top)} to ${Math.round(right)}, ${Math.round(bottom)}: ${named(element)}`);
      } else if (!element.matches(".scrolls, iframe") && (element.scrollWidth > element.clientWidth + SLACK || element.scrollHeight > element.clientHeight + SLACK) && getComputedStyle(element).display === "block" && element.clientWidth) {
        found.push(`is ${element.scrollWidth} × ${element.scrollHeight} in a box of ${element.clientWidth} × ${element.clientHeight}: ${named(element)}`);
      }
    }
    // The outermost says it.
    return found.slice(0, 1);
  };

  const said = [];
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    const number = Reveal.getSlidePastCount() + 1;
    said.push(...faults(slide).map((fault) => `slide ${number} (#/${h}/${v}): ${fault}`));
  }
  return said;
}
