import { describe, expect, it } from "vitest";
import { cutEnd, cutMiddle, displayWidth, padded, wrapped } from "../src/text-width.ts";
import { fc } from "./support/fast-check.ts";

describe("cells of a text", () => {
  it.each([
    ["plain", 5],
    ["", 0],
    ["é", 1],
    ["e\u0301", 1],
    ["名前", 4],
    ["ｶﾅ", 2],
    ["한국", 4],
    ["👍", 2],
    ["👍🏽", 2],
    ["👨‍👩‍👧", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["Ａ", 2],
    ["…·≥", 3],
  ])("%s takes %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe("cutting", () => {
  it("cuts at the end, and names in their middle", () => {
    expect(cutEnd("abcdefgh", 5)).toBe("abcd…");
    expect(cutMiddle("values(customer_segment)", 11)).toBe("value…ment)");
    expect(cutEnd("abc", 3)).toBe("abc");
  });

  it("never cuts a letter in two", () => {
    expect(cutEnd("名前名前", 4)).toBe("名…");
    expect(cutMiddle("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 5)).toBe("👨‍👩‍👧…👨‍👩‍👧");
  });

  it("stays within the width, whatever the text is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        (text, width) => {
          expect(displayWidth(cutEnd(text, width))).toBeLessThanOrEqual(width);
          expect(displayWidth(cutMiddle(text, width))).toBeLessThanOrEqual(width);
          expect(displayWidth(padded(cutEnd(text, width), width))).toBe(width);
        },
      ),
    );
  });

  it("wraps at blanks, and words that are too long anywhere", () => {
    expect(wrapped("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrapped("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"]);
  });
});
