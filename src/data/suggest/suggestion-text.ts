import { Document, isMap, isNode, isScalar, isSeq, type Pair, visit } from "yaml";
import type { SuggestedContract } from "./suggest-contract.ts";

/** A suggested contract as the text of a file, the reasons as comments beside the rules. `source` is what was measured. */
export function suggestionText({ contract, comments }: SuggestedContract, source: string): string {
  const document = new Document(contract);
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true;
    },
    // The long form of a rule stands in one line; the card itself does not.
    Map: (_, map, path) => {
      const isRule = path.some(isSeq) && !isSeq(path.at(-1));
      if (isRule) map.flow = true;
    },
  });
  for (const { path, text } of comments) comment(document, path, text);
  document.commentBefore = [
    ` A first contract for ${source.replaceAll(/\s+/g, " ")}, written by mlops validate --init.`,
    " It passes on that data. Go through it: what it takes for a rule may be an accident of that day.",
  ].join("\n");
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Behind a plain value; above the key of a longer one. */
function comment(document: Document, path: readonly (string | number)[], text: string): void {
  const place = document.getIn(path.slice(0, -1), true);
  const pair = isMap(place) ? place.items.find((item) => keyOf(item) === path.at(-1)) : undefined;
  if (pair === undefined) return;
  const line = ` ${text.replaceAll(/\s+/g, " ")}`;
  if (isScalar(pair.value)) pair.value.comment = line;
  else if (isNode(pair.value) && "flow" in pair.value && pair.value.flow === true) pair.value.comment = line;
  else if (isNode(pair.key)) pair.key.commentBefore = line;
}

function keyOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key;
}
