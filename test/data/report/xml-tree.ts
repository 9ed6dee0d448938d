import { writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../support/folder.ts";
import { runPython } from "../../support/python.ts";

/** An element as expat, a strict XML parser that is not ours, has read it. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Directly in the element, before its first child. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** Behind the element, before the next one. */
  readonly tail: string;
}

const script = `
import json, sys, xml.etree.ElementTree as tree
def plain(node):
    return {"tag": node.tag, "attributes": node.attrib, "text": node.text or "", "tail": node.tail or "", "children": [plain(one) for one in node]}
sys.stdout.write(json.dumps(plain(tree.parse(sys.argv[1]).getroot())))
`;

/** Reads `xml` with Python's parser. Throws its error where the text is not well-formed. */
export async function readXml(xml: string): Promise<XmlElement> {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, "file.xml"), xml);
  const { exitCode, stdout, stderr } = await runPython({ args: ["-c", script, "file.xml"], cwd });
  if (exitCode !== 0) throw new Error(stderr);
  const parsed: unknown = JSON.parse(stdout);
  if (!isElement(parsed)) throw new Error("no element");
  return parsed;
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === "object" && value !== null && "tag" in value && "children" in value;
}

/** The element and all below it, in the order of the text. */
export function allOf(element: XmlElement, tag?: string): XmlElement[] {
  const found: XmlElement[] = [];
  const visit = (one: XmlElement) => {
    if (tag === undefined || one.tag === tag) found.push(one);
    for (const child of one.children) visit(child);
  };
  visit(element);
  return found;
}
