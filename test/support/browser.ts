import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { type Devtools, startDevtools } from "./devtools.ts";
import { temporaryFolder } from "./folder.ts";

const root = path.resolve(import.meta.dirname, "../..");
const launcher = path.join(root, ".cache", "browser", "chromium");

/** Whether `npm test` could find or unpack one; where not, it says so, and the tests that need it are left out. */
export const hasBrowser = existsSync(launcher);

interface Look {
  /** CSS pixels; default 1280. */
  readonly width?: number;
  readonly scheme?: "light" | "dark";
  readonly medium?: "screen" | "print";
}

/** A page that the browser shows, and what it had to say of it. */
export interface ShownPage {
  /** Messages of the console, errors of scripts, of the policy and of the markup. */
  readonly complaints: readonly string[];
  /** Addresses that the page asked for beside its own file. */
  readonly requests: readonly string[];
  /** The value of a JavaScript expression in the page; it must be JSON. */
  evaluate(expression: string): Promise<unknown>;
  look(how: Look): Promise<void>;
  /** The whole page as PNG. */
  picture(): Promise<Buffer>;
  /** As it prints on A4. */
  pdf(): Promise<Buffer>;
}

/** Opens a file in Chromium, with the fonts of our own package only and no way to any network. Closed when the test ends. */
export async function openInBrowser(file: string, how: Look = {}): Promise<ShownPage> {
  const browser = startBrowser();
  onTestFinished(() => browser.close());
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const session = String(sessionId);
  const send = (method: string, params: Readonly<Record<string, unknown>> = {}) =>
    browser.send(method, params, session);
  const address = pathToFileURL(file).href;
  const complaints: string[] = [];
  const requests: string[] = [];
  const loaded = new Promise<void>((resolve) => {
    browser.listen(session, (method, params) => {
      if (method === "Page.loadEventFired") resolve();
      if (method === "Network.requestWillBeSent") {
        const { url } = params["request"] as { readonly url: string };
        if (url !== address) requests.push(url);
      }
      if (/^(Runtime\.(consoleAPICalled|exceptionThrown)|Log\.entryAdded|Audits\.issueAdded)$/.test(method))
        complaints.push(`${method} ${JSON.stringify(params)}`);
    });
  });
  for (const domain of ["Page", "Network", "Runtime", "Log", "Audits"]) await send(`${domain}.enable`);
  const look = async ({ width = 1280, scheme = "light", medium = "screen" }: Look) => {
    await send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await send("Emulation.setEmulatedMedia", { media: medium, features });
  };
  await look(how);
  const { errorText } = await send("Page.navigate", { url: address });
  if (errorText !== undefined) throw new Error(`${file}: ${JSON.stringify(errorText)}`);
  await loaded;
  return {
    complaints,
    requests,
    look,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        returnByValue: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { readonly value?: unknown }).value;
    },
    async picture() {
      const { data } = await send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
      return Buffer.from(String(data), "base64");
    },
    async pdf() {
      const size = { paperWidth: 8.27, paperHeight: 11.69 };
      const { data } = await send("Page.printToPDF", { ...size, printBackground: false });
      return Buffer.from(String(data), "base64");
    },
  };
}

function startBrowser(): Devtools {
  const folder = temporaryFolder("browser");
  const fonts = path.join(folder, "fonts.conf");
  const places = [
    `<dir>${path.join(root, "node_modules/dejavu-fonts-ttf/ttf")}</dir>`,
    `<cachedir>${folder}</cachedir>`,
  ];
  const sansOnly =
    "<selectfont><rejectfont><glob>*Serif*</glob><glob>*Math*</glob></rejectfont></selectfont>";
  const named = { "sans-serif": "DejaVu Sans", "system-ui": "DejaVu Sans", monospace: "DejaVu Sans Mono" };
  const aliases = Object.entries(named).map(
    ([family, font]) => `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`,
  );
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><fontconfig>${places.join("")}${aliases.join("")}${sansOnly}</fontconfig>\n`,
  );
  const args = [
    // Only our own files are opened; containers seldom allow its sandbox.
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--user-data-dir=${path.join(folder, "profile")}`,
  ];
  return startDevtools(launcher, args, { PATH: process.env["PATH"], HOME: folder, FONTCONFIG_FILE: fonts });
}
