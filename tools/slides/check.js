// Returns a line for each slide with something that leaves it, or that is cut off.
// What scrolls on purpose (.scrolls, up and down; frames) counts by its own border, not by what is in it.
([width, height, foot]) => {
  const SLACK = 1.5;
  Reveal.configure({ fragments: false });
  const scale = Reveal.getScale();

  const named = (element) => {
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
    return `${[element.tagName.toLowerCase(), ...element.classList].join(".")} “${words}”`;
  };

  const counted = (slide) =>
    [...slide.querySelectorAll("*")].filter((element) => {
      const around = element.parentElement.closest(".scrolls, aside.notes");
      return !around && !element.matches("aside.notes, br, col, colgroup");
    });

  const leaves = (element, page) => {
    const box = element.getBoundingClientRect();
    if (!box.width && !box.height) return null;
    const [left, right] = [box.left - page.left, box.right - page.left].map((place) => place / scale);
    const [top, bottom] = [box.top - page.top, box.bottom - page.top].map((place) => place / scale);
    // The last strip belongs to the title and the number of the slide.
    const lowest = element.closest(".corner") ? height : height - foot;
    if (left >= -SLACK && top >= -SLACK && right <= width + SLACK && bottom <= lowest + SLACK) return null;
    return `reaches from ${Math.round(left)}, ${Math.round(top)} to ${Math.round(right)}, ${Math.round(bottom)}`;
  };

  const isCut = (element) => {
    if (!element.clientWidth || getComputedStyle(element).display === "inline" || element.matches("iframe")) return null;
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
    const high = element.matches(".scrolls") ? 0 : scrollHeight;
    if (scrollWidth <= clientWidth + SLACK && high <= clientHeight + SLACK) return null;
    return `is ${scrollWidth} × ${scrollHeight} in a box of ${clientWidth} × ${clientHeight}`;
  };

  const fault = (slide) => {
    const page = slide.getBoundingClientRect();
    for (const element of counted(slide)) {
      const said = leaves(element, page) ?? isCut(element);
      if (said) return `${named(element)} ${said}`;
    }
    return null;
  };

  return Reveal.getSlides().flatMap((slide, place) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    const said = fault(slide);
    return said ? [`slide ${place + 1} (#/${h}/${v ?? 0}): ${said}. Shorten the cell, or divide it with a subslide`] : [];
  });
}
