import { expect, it } from 'vitest';
import { isPublicAddress, publicLookup, whyNotPublic } from './public-address.js';

it('tells addresses of the internet from those of the house, however they are written', () => {
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111'])
    expect(isPublicAddress(address)).toBe(true);
  for (const address of [
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'localhost',
  ])
    expect(isPublicAddress(address), address).toBe(false);
});

it('wants https, and no private address in whatever notation', () => {
  expect(whyNotPublic('https://hooks.example.com/x')).toBeNull();
  expect(whyNotPublic('http://hooks.example.com/x')).toContain('https');
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]', '169.254.169.254'])
    expect(whyNotPublic(`https://${host}/x`), host).toContain('private');
});

it('refuses a name that leads into the house at the moment of the connection', async () => {
  const refused = await new Promise((resolve) => publicLookup('localhost', { all: true }, resolve));
  expect(refused).toMatchObject({ name: 'PrivateAddress' });
});
