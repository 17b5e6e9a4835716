// A frame gets the keys while it has the focus. Those that a presenter's remote sends are passed on to the deck.
document.addEventListener("keydown", (event) => {
  const method = { PageDown: "next", PageUp: "prev" }[event.key];
  if (!method) return;
  event.preventDefault();
  parent.postMessage(JSON.stringify({ method, args: [] }), "*");
});
