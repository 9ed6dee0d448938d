/** The look of the page: no font, image or file from anywhere; light and dark by the reader's setting; fit to print. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6675; --line: #dde2e8; --paper: #fff; --shade: #f5f7f9;
  --bad: #b3261e; --warn: #8a5a00; --good: #1e6b3a; --mark: #4a6fa5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #9aa5b4; --line: #343c48; --paper: #14181e; --shade: #1c222a;
  --bad: #ff8a80; --warn: #e9b44c; --good: #7fcf9b; --mark: #7ea2d6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 24px; }
h1 { font-size: 22px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 32px 0 8px; }
p { margin: 4px 0; }
a { color: inherit; }
.soft, small { color: var(--soft); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 12px 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 60px; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { display: block; }
code { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.verdict, .chip { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 6px; font-size: 12px; }
.verdict { font-weight: 600; }
h1 .verdict { font-size: 16px; padding: 1px 10px; margin-right: 6px; }
.chip { margin: 0 4px 3px 0; text-decoration: none; max-width: 260px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
.fail, .error, .blocked { color: var(--bad); }
.warn, .inconclusive { color: var(--warn); }
.pass { color: var(--good); }
.skipped, .info { color: var(--soft); }
.bar { display: block; width: 90px; height: 5px; margin-top: 4px; background: var(--line); border-radius: 2px; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--mark); }
.bar.bad i { background: var(--bad); }
svg.plot { display: block; width: 160px; height: 34px; fill: var(--mark); background: var(--shade); }
details { margin: 4px 0; }
summary { cursor: pointer; color: var(--soft); }
ol { margin: 4px 0; padding-left: 24px; }
.problem { border-left: 3px solid var(--bad); padding: 4px 12px; background: var(--shade); }
tr:target td { background: var(--shade); }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #ccc; --paper: #fff; --shade: #fff; --bad: #a00; --warn: #850; --good: #060; --mark: #555; }
  main { max-width: none; padding: 0; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .bar, .bar i, svg.plot { print-color-adjust: exact; }
}
`;
