/** Follows the reader's light or dark setting; the boxes at the top hide severities without a script. */
export const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fff, #16181d);
  --ink: light-dark(#1c2026, #e4e7ec);
  --dim: light-dark(#5c6470, #98a1af);
  --line: light-dark(#dde1e7, #31363f);
  --panel: light-dark(#f6f7f9, #1d2026);
  --error: light-dark(#b42318, #ff8a80);
  --warning: light-dark(#8a5a00, #f2c14e);
  --note: light-dark(#1f5fa8, #82b7f5);
  --clean: light-dark(#1a7340, #6fd39b);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem); max-width: 90rem;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif;
}
code { font: 0.92em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2.2rem 0 0.6rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; }
h3 { margin: 1.4rem 0 0.4rem; font-size: 1rem; }
.part::first-letter { text-transform: capitalize; }
p { margin: 0.3rem 0; }
.part { margin-top: 1rem; font-weight: 600; }
.inner { padding-left: 0.9rem; border-left: 1px solid var(--line); }
.record { margin: 0.6rem 0; }
.record > summary { font-weight: 600; }
.record > :not(summary) { margin-left: 0.9rem; }
.targets { color: var(--dim); }
.verdict { display: inline-block; padding: 0.15rem 0.8rem; border: 1px solid; border-radius: 1rem; font-weight: 600; }
.error { --severity: var(--error); }
.warning { --severity: var(--warning); }
.note { --severity: var(--note); }
.clean { --severity: var(--clean); }
.verdict, .badge, .filter label { color: var(--severity); }
.badge { padding: 0 0.45rem; border: 1px solid; border-radius: 0.3rem; font-size: 0.8rem; font-weight: 600; }
.count, .none, .rest, .object, .reason, footer { color: var(--dim); font-weight: 400; }
.filter { display: flex; flex-wrap: wrap; gap: 1.2rem; }
.filter label { cursor: pointer; font-weight: 600; }
body:has(#show-error:not(:checked)) .kind.error,
body:has(#show-warning:not(:checked)) .kind.warning,
body:has(#show-note:not(:checked)) .kind.note { display: none; }
.finding { margin: 0.5rem 0; padding: 0.5rem 0.9rem; border-left: 4px solid var(--severity); background: var(--panel); }
.finding summary, p.finding { overflow-wrap: anywhere; }
.error .finding summary, .warning .finding summary { font-weight: 600; }
summary { cursor: pointer; }
ul { margin: 0.3rem 0; padding-left: 1.3rem; }
.fix { padding-top: 0.2rem; }
.diagnostics li { color: var(--severity); }
dl { margin: 0.3rem 0; }
dl > div { display: flex; gap: 1rem; padding: 0.12rem 0; }
dt { flex: 0 0 11rem; color: var(--dim); overflow-wrap: anywhere; }
dd { flex: 1; margin: 0; min-width: 0; }
.wide { overflow-x: auto; }
td code { overflow-wrap: break-word; }
table { border-collapse: collapse; font-size: 0.93em; }
th, td { max-width: 45rem; padding: 0.25rem 0.9rem 0.25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { position: sticky; top: 0; background: var(--paper); color: var(--dim); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
footer { margin-top: 3rem; font-size: 0.85rem; }
@media (max-width: 40rem) { dl > div { flex-direction: column; gap: 0; } dt { flex: none; } }
@media print { .filter { display: none; } body { max-width: none; } }
`;
