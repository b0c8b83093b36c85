// A comment, a CDATA block, a declaration or instruction, or a tag (closing slash, name, attributes, self-closing slash).
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;

/**
 * True when every tag of the document is closed in order and nothing stands outside the one root. The parser alone accepts a document
 * that was cut off, and half a list of appointments must not pass for the whole.
 */
export function isWellFormed(document: string): boolean {
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  while (at < document.length) {
    const next = document.indexOf('<', at);
    const text = document.slice(at, next === -1 ? document.length : next);
    if (open.length === 0 && text.trim() !== '') return false;
    if (next === -1) break;
    markup.lastIndex = next;
    const match = markup.exec(document);
    if (match === null) return false;
    at = markup.lastIndex;
    const [, closing, name, , selfClosing] = match;
    if (name === undefined) continue;
    if (closing === '/') {
      if (open.pop() !== name) return false;
      continue;
    }
    if (open.length === 0) roots += 1;
    if (selfClosing !== '/') open.push(name);
  }
  return roots === 1 && open.length === 0;
}
