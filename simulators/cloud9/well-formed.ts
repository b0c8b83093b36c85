const prolog = /^\uFEFF?\s*(?:<\?xml\s[^?]*\?>)?\s*/;
const comment = /<!--[\s\S]*?-->/g;
const token = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;

/** Whether this is one balanced XML element with escaped text: what a strict parser insists on. No DTD, no CDATA, as in cloud9.md 1.2. */
export function isWellFormed(xml: string): boolean {
  const text = xml.replace(prolog, '').replace(comment, '').trimEnd();
  const open: string[] = [];
  let roots = 0;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return false;
    const [, closing, name = '', , selfClosing, words] = match;
    if (words !== undefined) {
      if (open.length === 0 || bareAmpersand.test(words)) return false;
    } else if (closing === '/') {
      if (open.pop() !== name) return false;
    } else {
      if (open.length === 0) roots += 1;
      if (selfClosing !== '/') open.push(name);
    }
  }
  return open.length === 0 && roots === 1;
}
