// Copies what the console shows from npm packages into assets/vendor/, and
// makes one sprite of the icons it uses. Run: npm ci && node build.mjs
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const vendor = join(here, "assets", "vendor");

const files = {
  "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "echarts.simple.min.js": "echarts/dist/echarts.simple.min.js",
  "LICENSE.htmx.txt": "htmx.org/LICENSE",
  "LICENSE.echarts.txt": "echarts/LICENSE",
  "LICENSE.icons.txt": "@tabler/icons/LICENSE",
};

// Icons by the name that templates use.
const icons = {
  home: "home", touchpoints: "messages", inspections: "clipboard-check", findings: "alert-triangle",
  questions: "help-circle", rulebook: "book", schedules: "calendar-repeat", imports: "file-import",
  users: "users", organisations: "sitemap", audit: "history", profile: "user-circle", about: "info-circle",
  logout: "logout", plus: "plus", download: "download", search: "search", eye: "eye", check: "check", x: "x",
  merge: "arrows-join", next: "chevron-right", previous: "chevron-left", play: "player-play", pause: "player-pause",
  trash: "trash", edit: "pencil", print: "printer", report: "report", external: "external-link", menu: "menu-2", save: "device-floppy",
  upload: "upload", lock: "lock", key: "key", shield: "shield-check", sun: "sun-moon", flask: "flask",
  engine: "cpu", measure: "chart-bar", consult: "message-search",
  empty: "mood-empty", send: "send", filter: "filter", clock: "clock", language: "language",
};

// A style sheet or script that names a source map would have browsers ask for it.
async function withoutSourceMap(source, target) {
  const text = await readFile(source, "utf8");
  await writeFile(target, text.replace(/\n?\/[/*]# sourceMappingURL=.*?(\*\/)?\s*$/, "\n"));
}

await rm(vendor, { recursive: true, force: true });
await mkdir(vendor, { recursive: true });
for (const [name, from] of Object.entries(files)) {
  const copy = /\.(css|js)$/.test(name) ? withoutSourceMap : cp;
  await copy(join(modules, from), join(vendor, name));
}

const symbols = [];
for (const [name, icon] of Object.entries(icons)) {
  const svg = await readFile(join(modules, "@tabler/icons/icons/outline", `${icon}.svg`), "utf8");
  const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "");
  symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round">${body.replace(/\s*\n\s*/g, "")}</symbol>`);
}
await writeFile(join(vendor, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);

const versions = {};
for (const name of ["@tabler/core", "@tabler/icons", "echarts", "htmx.org"]) {
  const { version, license } = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
  versions[name] = { version, license };
}
await writeFile(join(vendor, "versions.json"), JSON.stringify(versions, null, 2) + "\n");
console.log(`${Object.keys(files).length + 2} files in assets/vendor`);
