// What is wrong with the page as it lies there, in words. An expression: the test evaluates it in the page.
(() => {
  const faults = [];
  const fault = (...words) => faults.push(words.join(" "));
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const box = (element) => element.getBoundingClientRect();
  const isShown = (element) => element.checkVisibility() && box(element).width > 0;
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""} "${(element.textContent || "").trim().slice(0, 40)}"`;
  const chartOf = (svg) => `${svg.closest("figure")?.id ?? "?"} (${svg.getAttribute("class")})`;

  // The page as a whole.
  const page = document.documentElement;
  if (!["en", "es"].includes(page.lang)) fault("lang is", page.lang);
  if (!document.title) fault("no title");
  if (page.scrollWidth > innerWidth) {
    const wide = all("main *, header *, footer *, nav *").filter((one) => box(one).right > innerWidth + 1 && !one.closest(".scroll, pre"));
    fault("the page is", page.scrollWidth, "wide in a window of", innerWidth, "because of", wide.slice(0, 3).map(name).join(", "));
  }
  for (const element of all("[src], link[href], image, use, iframe, object, embed")) fault("loads something:", element.outerHTML.slice(0, 80));
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) fault("two elements are called", id);

  // Headings, contents and sections.
  if (all("h1").length !== 1) fault(all("h1").length, "h1");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter((one) => one.checkVisibility())) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) fault(name(heading), "follows a heading of level", level);
    if (!heading.textContent.trim()) fault("an empty heading");
    level = next;
  }
  const links = all(".contents a");
  if (links.length < 5) fault("only", links.length, "links in the contents");
  for (const link of links) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!section) fault("no section", link.hash);
    else if (!isShown(section) || box(section).height < 40) fault("section", section.id, "is not to be seen");
    else if (!section.querySelector("figure") && !section.querySelector(".empty")) fault("section", section.id, "shows nothing");
  }
  if (all("main section").length !== links.length) fault("the contents do not name all sections");

  // Figures: caption, unit, definition, query, tables named, picture, table view.
  for (const figure of all("main figure")) {
    const has = (selector) => all(selector, figure).some((one) => one.textContent.trim());
    for (const part of ["figcaption h3", ".unit", ".definition", "code.sql", ".from code"]) {
      if (!has(part)) fault("figure", figure.id, "has no", part);
    }
    if (!figure.dataset.tables) fault("figure", figure.id, "names no table");
    const views = all("table", figure).filter((table) => table.querySelector("th[data-column]"));
    if (views.length !== 1) fault("figure", figure.id, "has", views.length, "table views");
    if (!isShown(figure)) fault("figure", figure.id, "is not to be seen");
    // The query itself may speak of null.
    const said = [...figure.querySelectorAll(":scope > *, :scope details > *:not(pre)")].filter((one) => one.localName !== "details").map((one) => one.innerText).join("\n");
    const odd = said.match(/.{0,20}\b(NaN|null|undefined|Infinity)\b/);
    if (odd) fault("figure", figure.id, "says", odd[0]);
  }
  for (const header of all("th")) if (!header.scope) fault("a header without scope:", name(header));
  for (const table of all("table")) if (!table.querySelector("th")) fault("a table without headers");
  for (const field of all("button, a, summary")) if (!field.textContent.trim() && !field.ariaLabel) fault("nameless:", field.outerHTML.slice(0, 60));

  // Text that does not fit where it stands.
  for (const element of all("h1, h2, h3, p, dt, dd, .value, th, td, summary, a, button").filter(isShown)) {
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).overflowX !== "visible") fault("cut:", name(element));
    const figure = element.closest("figure");
    if (figure && !element.closest(".scroll, pre") && box(element).right > box(figure).right + 1) fault("beyond its figure:", name(element));
  }

  // Drawings: an image with a name, one of three to be seen, no text cut, none on top of another.
  for (const chart of all(".chart")) {
    const shown = all("svg.drawing", chart).filter(isShown);
    if (shown.length !== 1 && chart.checkVisibility()) fault("of figure", chart.closest("figure")?.id, shown.length, "drawings are shown");
  }
  for (const svg of all("svg")) {
    if (svg.getAttribute("role") === "img" ? !svg.getAttribute("aria-label") : svg.getAttribute("aria-hidden") !== "true") fault("an image without a name in", chartOf(svg));
    if (!isShown(svg)) continue;
    const frame = box(svg);
    const texts = all("text", svg).map((text) => ({ text, box: box(text) }));
    for (const { text, box: one } of texts) {
      if (one.left < frame.left - 1 || one.right > frame.right + 1 || one.top < frame.top - 2 || one.bottom > frame.bottom + 2) fault("cut in", chartOf(svg), text.textContent);
    }
    texts.forEach(({ text, box: one }, at) => {
      for (const { text: other, box: two } of texts.slice(at + 1)) {
        // A line of text is higher than its letters.
        const slack = Math.min(one.height, two.height) * 0.3;
        const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        if (across > 1 && down > slack) fault("in", chartOf(svg), `"${text.textContent}" lies on "${other.textContent}"`);
      }
    });
    for (const mark of all(".mark > *", svg)) {
      const one = box(mark);
      if (one.left < frame.left - 2 || one.right > frame.right + 2 || one.top < frame.top - 2 || one.bottom > frame.bottom + 2) fault("a mark beyond", chartOf(svg), mark.outerHTML.slice(0, 90));
    }
  }

  // Contrast of text with what lies behind it.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3]));
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, behind(element.parentElement));
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const seen = new Set();
  for (const element of all("body *:not(script, style)").filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))) {
    if (!isShown(element)) continue;
    const style = getComputedStyle(element);
    const isDrawn = element.namespaceURI.endsWith("svg");
    const below = behind(isDrawn ? element.closest("svg").parentElement : element);
    const ratio = contrast(over(rgba(isDrawn ? style.fill : style.color), below), below);
    const key = `${element.tagName}.${element.className.baseVal ?? element.className} ${ratio.toFixed(1)}`;
    if (ratio < 4.5 && !seen.has(key)) fault("contrast", ratio.toFixed(2), "of", name(element), key);
    seen.add(key);
  }
  return faults;
})()
