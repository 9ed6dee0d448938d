import { allOf, readXml, type XmlElement } from "../data/report/xml-tree.ts";

/** A page as a strict parser of XML reads it; the names without their namespace. */
export async function readPage(html: string): Promise<XmlElement> {
  return bare(await readXml(html));
}

function bare(element: XmlElement): XmlElement {
  return { ...element, tag: element.tag.replace(/^\{.*\}/, ""), children: element.children.map(bare) };
}

export function textOf(element: XmlElement): string {
  return inner(element).replaceAll(/\s+/g, " ").trim();
}

function inner({ text, children }: XmlElement): string {
  return [text, ...children.flatMap((child) => [inner(child), child.tail])].join(" ");
}

export function withId(root: XmlElement, id: string): XmlElement {
  const found = allOf(root).find((one) => one.attributes["id"] === id);
  if (found === undefined) throw new Error(`no element has the id ${id}`);
  return found;
}

/** The cells of the rows of a table's body, by row. */
export function rowsOf(element: XmlElement): string[][] {
  const bodies = allOf(element, "tbody");
  return bodies.flatMap((body) => body.children.map((row) => row.children.map(textOf)));
}

/** What a page must never hold: programs, files from elsewhere, the same id twice, an SVG that says nothing. Empty where it is fine. */
export function faultsOf(root: XmlElement): string[] {
  const all = allOf(root);
  const ids = all.flatMap((one) => one.attributes["id"] ?? []);
  const faults = ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `the id ${id} twice`);
  for (const { tag, attributes, children } of all) {
    if (
      ["script", "link", "img", "iframe", "object", "embed", "form", "image", "foreignObject"].includes(tag)
    )
      faults.push(`<${tag}>`);
    for (const [name, value] of Object.entries(attributes)) {
      if (/^on/i.test(name)) faults.push(`${name}=`);
      if (/(?:href|src)$/.test(name) && !value.startsWith("#")) faults.push(`${name}=${value}`);
      const target = /url\(#([^)]*)\)/.exec(value)?.[1] ?? (/href$/.test(name) ? value.slice(1) : undefined);
      if (target !== undefined && !ids.includes(target))
        faults.push(`${name} names ${target}, which is not there`);
      if (/url\((?!#)|javascript:|@import/i.test(value)) faults.push(`${name}=${value}`);
    }
    if (tag !== "svg" || attributes["role"] !== "img") continue;
    const named = (attributes["aria-labelledby"] ?? "").split(" ").map((id) => ids.includes(id));
    if (children[0]?.tag !== "title" || children[1]?.tag !== "desc" || named.includes(false))
      faults.push("an SVG without title and desc");
  }
  return faults;
}
