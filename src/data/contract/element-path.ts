/** Paths into lists as contracts write them: `items[].price`, `matrix[][]`. What is there is the data's business. */

/** Why `name` is no path into a list; undefined for one that is, and for names without `[]`. */
export function elementPathProblem(name: string): string | undefined {
  const [first = "", ...rest] = name.split("[]");
  if (rest.length === 0) return undefined;
  const isWay = (way: string) => way === "" || (way.startsWith(".") && !way.slice(1).split(".").includes(""));
  if (first !== "" && rest.every(isWay)) return undefined;
  return `${JSON.stringify(name)} is no path into a list: write items[] for its elements, items[].price for a field of each, matrix[][] for lists in lists`;
}

/** Why no row or element has a value of all of `names`; undefined where one has. */
export function apartProblem(names: readonly string[]): string | undefined {
  const lists = names.map(innermostOf).toSorted((a, b) => b.length - a.length);
  const [innermost = ""] = lists;
  // The names of the lists on the way to it are beginnings of its own.
  const other = lists.find((list) => !innermost.startsWith(list));
  if (other === undefined) return undefined;
  return `${other} and ${innermost} are lists apart: an element of the one has no element of the other beside it; judge them by an sql check`;
}

/** The name of the list whose elements `name` is about, `items[]`; empty for a column of rows. */
function innermostOf(name: string): string {
  const end = name.lastIndexOf("[]");
  return end === -1 ? "" : name.slice(0, end + 2);
}
