/** A file of a tar archive by its base name: the archive of the CLI holds two small files and the binary. */
export function fileInTar(archive: Uint8Array, baseName: string): Uint8Array | undefined {
  const blockBytes = 512;
  const text = (from: number, length: number): string =>
    Buffer.from(archive.subarray(from, from + length))
      .toString('latin1')
      .replace(/\0.*$/s, '');
  for (let offset = 0; offset + blockBytes <= archive.length;) {
    const name = text(offset, 100);
    const size = Number.parseInt(text(offset + 124, 12).trim() || '0', 8);
    const body = offset + blockBytes;
    if (name.split('/').at(-1) === baseName) return archive.subarray(body, body + size);
    offset = body + Math.ceil(size / blockBytes) * blockBytes;
  }
  return undefined;
}
