interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/**
 * Reads OpenMetrics 1.0 text of gauges by its grammar (the ABNF of the specification) and the rules beside it: a family stands
 * together under its TYPE, no series twice, label names once, `# EOF` and a line end last. Throws at the first breach.
 */
export function readOpenMetrics(text: string): readonly Family[] {
  if (!text.endsWith("# EOF\n")) throw new Error("does not end with # EOF");
  const families: { name: string; samples: Sample[] }[] = [];
  const series = new Set<string>();
  for (const line of text.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) gauge$/.exec(line);
    if (type !== null) {
      const [, name = ""] = type;
      if (families.some((family) => family.name === name)) throw new Error(`a second family ${name}`);
      families.push({ name, samples: [] });
      continue;
    }
    const family = families.at(-1);
    if (family === undefined) throw new Error(`no family before ${line}`);
    if (line.startsWith(`# HELP ${family.name} `) && family.samples.length === 0) continue;
    const sample = readSample(line, family.name);
    const key = line.slice(0, line.lastIndexOf(" "));
    if (series.has(key)) throw new Error(`twice: ${key}`);
    series.add(key);
    family.samples.push(sample);
  }
  return families;
}

function readSample(line: string, name: string): Sample {
  const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
  const whole = new RegExp(
    String.raw`^${name}(?:\{(${label}(?:,${label})*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`,
  ).exec(line);
  if (whole === null) throw new Error(`no sample of ${name}: ${line}`);
  const labels: Record<string, string> = {};
  const names: string[] = [];
  for (const [, key = "", value = ""] of (whole[1] ?? "").matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)) {
    names.push(key);
    labels[key] = value.replaceAll(/\\(.)/g, (_, character: string) =>
      character === "n" ? "\n" : character,
    );
  }
  if (new Set(names).size !== names.length) throw new Error(`a label twice: ${line}`);
  if (names.join() !== names.toSorted().join()) throw new Error(`labels out of order: ${line}`);
  return { labels, value: Number(whole[2]) };
}

/**
 * Name (labels included) and value, as a text, of each line, as GitLab reads metrics reports: all from `#` on is dropped, the rest
 * divided as a shell divides words (Ruby's Shellwords), which takes the quotes away. Throws where quotes do not match.
 */
export function gitlabReading(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const rest = line.replace(/#.*$/, "").trim();
    if (rest === "") continue;
    const [name = "", value = "", ...more] = shellWords(rest);
    if (more.length > 0) throw new Error(`more than a name and a value: ${line}`);
    if (found.has(name)) throw new Error(`twice: ${name}`);
    found.set(name, value);
  }
  return found;
}

function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const match of line.matchAll(/(\s+)|([^\s\\'"]+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(.)/g)) {
    const [, space, plain, single, double, escaped, stray] = match;
    if (stray !== undefined) throw new Error(`quotes that do not match: ${line}`);
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = `${word ?? ""}${plain ?? single ?? double?.replaceAll(/\\([$`"\\])/g, "$1") ?? escaped ?? ""}`;
    }
  }
  return word === undefined ? words : [...words, word];
}
