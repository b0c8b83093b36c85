interface MasterKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Keys of the credential store and of histories. The first one seals, all of them open. */
export interface MasterKeys {
  readonly current: MasterKey;
  readonly byId: ReadonlyMap<string, Buffer>;
}

/** Parses `id:base64,id2:base64`. Null when a part is not an id and 32 bytes, or when one id stands for two keys. */
export function parseMasterKeys(text: string): MasterKeys | null {
  const keys = text.split(',').map((part): MasterKey | null => {
    const [id = '', encoded = '', ...rest] = part.trim().split(':');
    const key = Buffer.from(encoded, 'base64');
    return /^[A-Za-z0-9_-]{1,32}$/.test(id) && key.length === 32 && rest.length === 0 ? { id, key } : null;
  });
  const usable = keys.filter((key) => key !== null);
  const byId = new Map(usable.map(({ id, key }) => [id, key]));
  const [current] = usable;
  return current && usable.length === keys.length && byId.size === keys.length ? { current, byId } : null;
}
