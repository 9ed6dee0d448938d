/** What a shell would act on. Commands are run without one: such a character would silently be an argument. */
const shellCharacter = /[|&;<>$`*?~(){}\n]/;

/** Why a command line cannot be run without a shell; undefined where it can. */
export function commandProblem(line: string): string | undefined {
  const bare = line.replace(/'[^']*'/g, "");
  const found = shellCharacter.exec(bare.replace(/"(\\.|[^"\\])*"/g, ""));
  if (found !== null)
    return `is run without a shell, which ${JSON.stringify(found[0])} needs: quote it, or write sh -c '…'`;
  if (
    bare
      .replace(/\\./g, "")
      .replace(/"[^"]*"/g, "")
      .match(/['"]/) !== null
  )
    return "has a quote that is not closed";
  return splitCommand(line).length === 0 ? "is empty" : undefined;
}

/** The words of a command line, as a shell splits them: by spaces outside of quotes; a backslash keeps what follows. */
export function splitCommand(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_all, single, double, escaped) => {
      if (typeof single === "string") return single;
      return typeof double === "string" ? double.replace(/\\(["\\$`])/g, "$1") : String(escaped);
    }),
  );
}
