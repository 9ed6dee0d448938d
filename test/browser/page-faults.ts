/**
 * What a reader of the page would call broken, as an expression for the page itself: a list of sentences. Wider than the window, texts
 * cut off or beyond their box, charts without size or without marks, texts of a chart over each other, letters that cannot be read
 * on their ground.
 */
export const pageFaults = `(() => {
  const faults = [];
  const said = (element) => JSON.stringify((element.textContent ?? "").trim().slice(0, 60));
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    faults.push("the page is " + document.documentElement.scrollWidth + " wide in a window of " + width);
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
  const shown = (element) => element.checkVisibility({ contentVisibilityAuto: true });
  const scrolls = (element) => {
    for (let one = element; one !== null; one = one.parentElement)
      if (/auto|scroll/.test(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  for (const element of document.body.querySelectorAll("*:not(svg *)")) {
    if (!hasText(element) || !shown(element)) continue;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width === 0 || box.height === 0) faults.push("no size: " + element.tagName + " " + said(element));
    if (style.display !== "inline" && element.scrollWidth > element.clientWidth + 1 && !scrolls(element) && style.textOverflow !== "ellipsis")
      faults.push("too wide for its box: " + element.tagName + " " + said(element));
    if ((box.left < -1 || box.right > width + 1) && !scrolls(element)) faults.push("beyond the window: " + said(element));
    const contrast = contrastOf(element);
    if (contrast < 4.5) faults.push("contrast " + contrast.toFixed(1) + ": " + element.tagName + " " + said(element));
  }
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    const name = svg.querySelector("title")?.textContent ?? svg.getAttribute("class");
    if (!shown(svg)) continue;
    if (frame.width < 30 || frame.height < 20) faults.push("a drawing without size: " + name);
    const marks = [...svg.querySelectorAll("path, rect, circle, line, polyline")].filter((mark) => {
      const box = mark.getBoundingClientRect();
      return box.width + box.height > 0;
    });
    if (marks.length === 0) faults.push("nothing drawn: " + name);
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() !== "" && shown(text));
    // The box around slanted letters holds more than them.
    const slanted = (text) => /rotate\\((?!0|-?90)/.test(text.getAttribute("transform") ?? "");
    const boxes = texts.map((text) => ({ text, box: text.getBoundingClientRect() }));
    for (const [place, { text, box }] of boxes.entries()) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        faults.push(name + ": " + said(text) + " stands beyond the drawing");
      for (const other of boxes.slice(place + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 3 && !slanted(text) && !slanted(other.text)) faults.push(name + ": " + said(text) + " stands over " + said(other.text));
      }
    }
  }
  return faults;

  function contrastOf(element) {
    const ink = colorOf(getComputedStyle(element).color);
    let ground = [255, 255, 255, 0];
    for (let one = element; one !== null && ground[3] === 0; one = one.parentElement)
      ground = colorOf(getComputedStyle(one).backgroundColor);
    if (ground[3] === 0) ground = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }
  function colorOf(text) {
    const [red, green, blue, alpha = 1] = text.match(/[\\d.]+/g).map(Number);
    return [red, green, blue, alpha];
  }
  function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
})()`;
