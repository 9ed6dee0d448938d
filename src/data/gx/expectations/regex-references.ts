import { type RegexNode, RegexProblem } from "./regex-tree.ts";

/**
 * Refuses a reference to a group that may take no part in a match: Python fails there, JavaScript finds nothing and goes on.
 * A group takes part where it stands in the same branch, or in one around.
 */
export function refuseDoubtfulReferences(tree: RegexNode): void {
  const groups = new Map<number | string, readonly string[]>();
  let opened = 0;
  let branches = 0;
  const branch = (path: readonly string[]) => {
    branches += 1;
    return [...path, String(branches)];
  };
  const visit = (node: RegexNode, path: readonly string[]): void => {
    switch (node.kind) {
      case "group":
        opened += 1;
        groups.set(opened, path);
        if (node.name !== undefined) groups.set(node.name, path);
        visit(node.node, path);
        break;
      case "scope":
        visit(node.node, path);
        break;
      case "look":
        visit(node.node, node.isNegated ? branch(path) : path);
        break;
      case "repeat":
        visit(node.node, node.min === 0 ? branch(path) : path);
        break;
      case "sequence":
        for (const one of node.nodes) visit(one, path);
        break;
      case "choice":
        for (const one of node.nodes) visit(one, branch(path));
        break;
      case "reference":
        if (groups.get(node.to)?.some((part, index) => part !== path[index]) !== false)
          throw new RegexProblem(`it refers to the group ${node.to}, which may take no part`);
        break;
      default:
        break;
    }
  };
  visit(tree, []);
}
