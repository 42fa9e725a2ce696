// Pure functions: what a reader's words mean as an answer, and whether it is right or a known mistake.

const NOTHING_KNOWN = /^(none|null|n|batch|\?)$/i;
const JOINING = /\b(by|and)\b/gi;

const oneNumber = (text) => {
  const plain = text.replace(/^[\s=([]+|[\s)\].]+$/g, "").replace(/\s*[a-z]+( [a-z]+)*$/i, "");
  if (/^-?\d{1,3}([,\s'_]\d{3})+$/.test(plain)) return Number(plain.replace(/[,\s'_]/g, ""));
  const [, above, below] = /^(-?\d+)\s*\/\s*([1-9]\d*)$/.exec(plain) ?? [];
  if (below) return above / below;
  return /^-?\d+([.,]\d+)?$/.test(plain) ? Number(plain.replace(",", ".")) : null;
};

// The words of `text` between brackets, commas, spaces, × and x.
const listed = (text) => text.replace(/[()[\]{}]/g, " ").replace(JOINING, " ")
  .split(/[\s,;*×]+|(?<=\d|none|\?)x(?=\d)/i).filter(Boolean);

function readShape(text) {
  const words = listed(text);
  const strange = words.find((word) => !/^\d+$/.test(word) && !NOTHING_KNOWN.test(word));
  if (strange) return { problem: `“${strange}” is no size: write a shape such as (None, 5, 5, 2) or 5x5x2.` };
  return { value: words.map((word) => (NOTHING_KNOWN.test(word) ? null : Number(word))) };
}

function readPair(text) {
  const [before, after] = ["before", "after"].map((word) => text.search(new RegExp(`\\b${word}`, "i")));
  if (after >= 0 && after < before) return { problem: "Write the zeros before first, then those after." };
  const words = listed(text.replace(/\b(before|after|zeros?|left|right|start|end)\b|[:=/]/gi, " "));
  if (words.length !== 2 || words.some((word) => !/^\d+$/.test(word))) {
    return { problem: `Two numbers are asked for, before and after, such as 1, 2; not “${text.trim()}”.` };
  }
  return { value: words.map(Number) };
}

function readNumber(text) {
  const value = oneNumber(text.trim());
  return value === null ? { problem: `One number is asked for, such as 1,234 or 2.5; not “${text.trim()}”.` } : { value };
}

// What was answered, as {value} or, where it cannot be read, {problem}.
export function readAnswer(kind, text) {
  const plain = text.replace(/−/g, "-");
  if (!plain.trim()) return { problem: "Write an answer first." };
  return { shape: readShape, pair: readPair, number: readNumber }[kind](plain);
}

// Whether `value` is `answer`; a shape may leave its unknown batch out.
function means(value, answer) {
  if (!Array.isArray(answer)) return Math.abs(value - answer) <= (Number.isInteger(answer) ? 1e-9 : 0.005);
  const full = answer[0] === null && !value.includes(null) ? [null, ...value] : value;
  return full.length === answer.length && full.every((size, i) => size === answer[i]);
}

// true if right, else the place of the known mistake that gives `value`, else null.
export function judge({ answer, mistakes }, value) {
  if (means(value, answer)) return true;
  return mistakes.find(([, wrong]) => means(value, wrong))?.[0] ?? null;
}
