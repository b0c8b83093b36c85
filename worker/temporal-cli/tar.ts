const blockBytes = 512;

/** A file of a tar archive by its base name. Throws when there is none; the CLI's archive holds two small files and the binary. */
export function fileFromTar(archive: Buffer, baseName: string): Buffer {
  const text = (from: number, length: number): string =>
    archive
      .subarray(from, from + length)
      .toString('latin1')
      .replace(/\0.*$/s, '');
  for (let offset = 0; offset + blockBytes <= archive.length;) {
    const name = text(offset, 100);
    const size = Number.parseInt(text(offset + 124, 12).trim() || '0', 8);
    const body = offset + blockBytes;
    if (name.split('/').at(-1) === baseName) return archive.subarray(body, body + size);
    offset = body + Math.ceil(size / blockBytes) * blockBytes;
  }
  throw new Error(`no file "${baseName}" in the archive`);
}
