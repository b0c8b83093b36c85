import { failures } from '../domain/failures.js';
import { failuresOf } from './openapi.js';
import type { Route } from './route.js';

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A page that lists every route with its access, answers and failures. Self-contained: it works where nothing but this server is reached. */
export function docsPage(routes: readonly Route[]): string {
  const sections = routes.map((route) => {
    const failureList = failuresOf(route).map(
      (type) => `<li><code>${failures[type].status} ${type}</code> ${escape(failures[type].title)}</li>`,
    );
    const access = route.role === null ? route.access : `${route.role} of the tenant`;
    return `<details><summary><b>${route.method.toUpperCase()}</b> <code>${escape(route.path)}</code> ${escape(route.summary)}</summary>
<p>Access: ${access}. Success: ${Object.keys(route.answers).join(', ')}.</p><ul>${failureList.join('')}</ul></details>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chairside API</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}summary{cursor:pointer;padding:.3rem 0}b{display:inline-block;min-width:4rem}</style></head>
<body><h1>Chairside API</h1><p>Schemas of all bodies: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Send <code>Authorization: Bearer</code> with the token of
<code>POST /api/auth/login</code>, and <code>X-Tenant-Id</code>.</p>${sections.join('\n')}</body></html>`;
}
