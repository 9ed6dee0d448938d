const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** All but the characters of XML 1.0 (section 2.2): controls, lone surrogates and U+FFFE, U+FFFF cannot stand there in any form. */
const notXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** `text` as it may stand in an element or a quoted attribute of XML and HTML; what XML cannot hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(notXml, "\uFFFD").replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
