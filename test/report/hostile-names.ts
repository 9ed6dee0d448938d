/** Names of groups and classes that make trouble in texts of lines, quotes and labels. */
export const hostileNames = [
  '"',
  "\\",
  "#1",
  "50%",
  "%23",
  "a\nb",
  "a,b=c",
  "}",
  " ",
  "",
  "<script>",
  "\u202Ex",
  "don't",
  "\ud800",
  "שלום",
];
