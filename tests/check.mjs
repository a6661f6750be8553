// SPDX-License-Identifier: Apache-2.0
// The house rules that a machine can hold: include direction, one library one home, sizes, banned
// calls, licence lines, a README per folder, format. Prints every breach; exit 1 when there is any.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2] ?? ".";
const list = (pattern) =>
  execFileSync("find", [root, "-name", "node_modules", "-prune", "-o", "-path", `${root}/build`, "-prune",
    "-o", "-path", `${root}/.git`, "-prune", "-o", "-type", "f", "-print"], { encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\n").filter((f) => f).map((f) => f.slice(root.length).replace(/^\//, "")).filter((f) => pattern.test(f)).sort();
const breaches = [];
const breach = (file, line, text) => breaches.push(`${file}:${line}: ${text}`);

/* What a file under `from` may include of ours; the first matching row decides. */
const arrows = [
  { from: /^server\/base\//, to: /^server\/base\// },
  { from: /^media\/rtp\//, to: /^media\/rtp\// },
  { from: /^media\//, to: /^(media\/|server\/base\/)/ },
  { from: /^signaling\//, to: /^(signaling\/|media\/media\.h$|server\/base\/)/ },
  { from: /^scheduling\//, to: /^(scheduling\/|server\/base\/)/ },
  { from: /^server\//, to: /^(server\/|scheduling\/|signaling\/[a-z_]+\.h$|media\/media\.h$)/ },
];
/* The one home of each library. */
const homes = [
  { header: /^libwebsockets\.h$/, home: /^server\/http\// },
  { header: /^sqlite3\.h$/, home: /^server\/base\/db\// },
  { header: /^jansson\.h$/, home: /^(signaling\/message|server\/http\/|server\/portal\/)/ },
  { header: /^stun\/|^nice\//, home: /^media\/transport\/ice/ },
  { header: /^srtp2\//, home: /^media\/transport\/crypt/ },
  { header: /^opus/, home: /^media\/rtp\/opus_/ },
  { header: /^openssl\//, home: /^(media\/transport\/(dtls|crypt_gcm)|server\/base\/secret|server\/ops\/certificate|server\/http\/http_tls)/ },
  { header: /^gst\//, home: /^(signaling\/sdp_|media\/record\/)/ },
  { header: /^curl\//, home: /^server\/portal\/http_client/ },
  { header: /^argon2\.h$/, home: /^server\/auth\/password/ },
  { header: /^(cairo|pango)/, home: /^server\/letter\/letter_(pdf|flow)/ },
  { header: /^qrencode\.h$/, home: /^server\/ops\/qr/ },
];
const banned = /(?<![A-Za-z0-9_.>])(strcpy|strcat|sprintf|gets|system|popen|atoi|strtok|alloca|usleep|sleep)\s*\(/;
const maxLines = 800;
const maxFunctionLines = 60;

for (const file of list(/\.(c|h)$/)) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const isTest = file.startsWith("tests/");
  if (!lines[0].includes("SPDX-License-Identifier")) breach(file, 1, "no SPDX line");
  if (lines.length > maxLines) breach(file, 1, `${lines.length} lines; at most ${maxLines}`);
  if (file.endsWith(".h") && !lines.some((l) => l === "#pragma once")) breach(file, 1, "no #pragma once");
  let start = 0;
  let table = false;
  lines.forEach((text, index) => {
    const own = /^#include "([^"]+)"/.exec(text)
      ?? /^#include <((?:server|media|signaling|scheduling|web|tests)\/[^>]+)>/.exec(text);
    const lib = /^#include <([^>]+)>/.exec(text);
    if (own && !isTest) {
      const arrow = arrows.find((a) => a.from.test(file));
      if (text.includes("<")) breach(file, index + 1, `ours is included with quotes: "${own[1]}"`);
      const generated = !own[1].includes("/") && own[1].endsWith("_resource.h");
      if (arrow && !generated && !arrow.to.test(own[1])) breach(file, index + 1, `may not include "${own[1]}"`);
    }
    if (lib && !isTest) {
      const row = homes.find((h) => h.header.test(lib[1]));
      if (row && !row.home.test(file)) breach(file, index + 1, `<${lib[1]}> has another home`);
    }
    const code = text.replace(/\/\/.*$|\/\*.*?\*\/|"(?:[^"\\]|\\.)*"/g, "");
    const call = banned.exec(code);
    if (call && !/^\s*\*/.test(text)) breach(file, index + 1, `${call[1]}() is banned`);
    if (/\b(TODO|FIXME|XXX)\b/.test(text)) breach(file, index + 1, "unfinished work");
    if (text === "{") { start = index; table = false; }
    if (start && /^\s*switch \(/.test(text)) table = true;
    if (text === "}" && start) {
      if (!isTest && !table && index - start - 1 > maxFunctionLines) breach(file, start + 1, `function of ${index - start - 1} lines; at most ${maxFunctionLines}`);
      start = 0;
    }
  });
}

for (const file of list(/\.(ts|tsx|mjs|css)$/)) {
  const text = readFileSync(join(root, file), "utf8");
  const n = text.split("\n").length;
  if (!text.slice(0, 200).includes("SPDX-License-Identifier")) breach(file, 1, "no SPDX line");
  if (n > maxLines) breach(file, 1, `${n} lines; at most ${maxLines}`);
}

/* Every folder that holds sources has a README (rooms inside a folder may share its folder's). */
for (const folder of ["server", "server/base", "server/http", "server/auth", "server/ops", "media", "media/relay", "media/transport",
  "media/rtp", "media/rate", "media/repair", "signaling", "scheduling", "web", "tests"]) {
  if (existsSync(join(root, folder)) && !existsSync(join(root, folder, "README.md"))) breach(folder, 1, "no README.md");
}

/* The top level holds only what it may. */
const top = /^(server|media|signaling|scheduling|web|tests|build|CMakeLists\.txt|README\.md|CMakePresets\.json|LICENSE|CHANGELOG\.md|\..*)$/;
for (const name of readdirSync(root)) {
  if (!top.test(name)) breach(name, 1, "does not belong on the top level");
}

const sources = list(/\.(c|h)$/);
const formatter = ["clang-format-14", "clang-format"].find((name) => {
  try { return execFileSync(name, ["--version"], { encoding: "utf8" }).includes("version 14"); } catch { return false; }
});
if (!formatter) breach("tests/check.mjs", 1, "clang-format 14 is not installed");
else {
  const run = spawnSync(formatter, ["--dry-run", ...sources], { encoding: "utf8", cwd: root, maxBuffer: 1 << 26 });
  const bad = new Set([...run.stderr.matchAll(/^(\S+?):\d+:\d+: .*clang-format-violations/gm)].map((m) => m[1]));
  for (const file of bad) breach(file, 1, "not formatted (clang-format -i)");
  if (run.status !== 0) breach("tests/check.mjs", 1, `clang-format ended with ${run.status}`);
}

for (const line of breaches) console.log(line);
console.log(breaches.length ? `${breaches.length} breaches` : "house rules hold");
process.exit(breaches.length ? 1 : 0);
