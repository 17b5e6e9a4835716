// Starts the slides. Everything that they load lies in this folder.
(() => {
  // Keys that move inside what scrolls, while it has the focus.
  const SCROLLING = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];
  const { width, height } = document.querySelector(".slides").dataset;

  // A frame is filled when its slide is shown: before, it has no size to draw itself in.
  const fill = (part) => {
    for (const frame of part.querySelectorAll("iframe[data-page]")) {
      frame.srcdoc = frame.dataset.page;
      frame.removeAttribute("data-page");
    }
  };

  Reveal.on("slidechanged", ({ currentSlide }) => fill(currentSlide));
  Reveal.on("ready", ({ currentSlide }) => fill(Reveal.isPrintView() ? document : currentSlide));

  Reveal.initialize({
    width: Number(width),
    height: Number(height),
    margin: 0,
    minScale: 0.1,
    maxScale: 6,
    center: false,
    hash: true,
    slideNumber: "c/t",
    controlsTutorial: false,
    transition: "none",
    backgroundTransition: "none",
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    keyboardCondition: (event) => !(SCROLLING.includes(event.key) && event.target.closest?.(".scrolls")),
    plugins: [RevealNotes, RevealSearch],
  });
})();
