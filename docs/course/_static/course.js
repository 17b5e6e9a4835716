// What the theme leaves out for keyboards, screen readers and pages opened from a folder.

// A search shows an excerpt of each page that it finds, and fetches them: from a folder, browsers refuse.
if (typeof DOCUMENTATION_OPTIONS !== "undefined" && location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

const nameSidebarToggles = () => {
  for (const summary of document.querySelectorAll(".bd-sidebar-primary summary")) {
    const link = summary.closest("li")?.querySelector("a");
    if (link) summary.setAttribute("aria-label", `Pages below ${link.textContent.trim()}`);
  }
};

// What scrolls sideways is reached by Tab and moved by the arrow keys.
const SCROLLS = "main pre, main .text_html, main .course-scroll, main .pst-scrollable-table-container";
const reachScrolling = () => {
  for (const area of document.querySelectorAll(SCROLLS)) {
    const needed = area.scrollWidth > area.clientWidth + 1 && area.clientWidth > 0;
    if (needed && !area.hasAttribute("tabindex")) {
      area.tabIndex = 0;
      area.dataset.courseTab = "";
    } else if (!needed && "courseTab" in area.dataset) {
      area.removeAttribute("tabindex");
      delete area.dataset.courseTab;
    }
  }
};

document.addEventListener("DOMContentLoaded", () => {
  nameSidebarToggles();
  reachScrolling();
  document.addEventListener("toggle", reachScrolling, true);
  window.addEventListener("resize", reachScrolling);
});
