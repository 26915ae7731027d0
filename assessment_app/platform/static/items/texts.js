/** Every sentence that the modules of items write; the page's language chooses. `{name}` is filled in. */

const INDONESIAN = {
  "block.complete": "Lengkap: 2 dari 2 pilihan",
  "block.partial": "{count} dari 2 pilihan, belum terhitung dijawab.",
  "block.moved": "Pilihan dipindahkan ke kolom ini.",
  "liking.rows": "Kegiatan",
  "liking.most": "Paling\nsaya sukai",
  "liking.least": "Paling tidak\nsaya sukai",
  "table.more": "Tabel berlanjut ke kanan: geser ke samping.",
  "limit.some": "Pilih paling banyak {count}.",
  "limit.reached": "Paling banyak {count} pilihan. Kosongkan salah satu pilihan lebih dahulu.",
  "option.named": "{letter}. {text}",
  "order.up": "Naik: {text}",
  "order.down": "Turun: {text}",
  "order.moved": "Urutan {place} dari {count}: {text}",
  "order.first": "Baris ini sudah di urutan pertama.",
  "order.last": "Baris ini sudah di urutan terakhir.",
  "order.confirmed": "Urutan ini menjadi jawaban Anda.",
  "order.undone": "Urutan awal; belum terhitung dijawab.",
  "rating.end": "{value}, {text}",
  "number.understood": "Terbaca: {number} {unit}",
  "number.ambiguous": "Angka ini dapat dibaca dua cara, jadi belum menjadi jawaban. Tulis {thousand} atau {unit}.",
  "number.not-a-number": "Belum terbaca sebagai angka, jadi belum menjadi jawaban. Tulis angka saja, dengan koma untuk desimal, misalnya 12,5.",
  "number.too-long": "Angka ini terlalu panjang: paling banyak 15 angka di depan koma dan 10 di belakangnya.",
  "text.left": "Sisa {count} karakter",
  "region.chosen": "{text}: dipilih.",
  "region.free": "{text}: tidak dipilih.",
  "program.screen": "Aplikasi tiruan: {title}",
  "program.row": "{step}: {cells}",
  "program.taken": "Langkah {number}: {step}",
  "program.count": "{count} dari paling banyak {most} langkah",
  "program.most": "Paling banyak {most} langkah. Batalkan langkah terakhir lebih dahulu.",
  "program.undone": "Langkah terakhir dibatalkan.",
  "program.restarted": "Semua langkah dihapus; aplikasi kembali ke layar pertama.",
  "program.none": "Belum ada langkah yang dapat dibatalkan.",
};

const ENGLISH = {
  "block.complete": "Complete: 2 of 2 choices",
  "block.partial": "{count} of 2 choices, not counted as answered yet.",
  "block.moved": "The choice was moved to this column.",
  "liking.rows": "Activity",
  "liking.most": "I like\nmost",
  "liking.least": "I like\nleast",
  "table.more": "The table goes on at the right: scroll sideways.",
  "limit.some": "Choose at most {count}.",
  "limit.reached": "At most {count} choices. Clear one of them first.",
  "option.named": "{letter}. {text}",
  "order.up": "Up: {text}",
  "order.down": "Down: {text}",
  "order.moved": "Place {place} of {count}: {text}",
  "order.first": "This row is the first already.",
  "order.last": "This row is the last already.",
  "order.confirmed": "This order is your answer.",
  "order.undone": "First order; not counted as answered yet.",
  "rating.end": "{value}, {text}",
  "number.understood": "Read as: {number} {unit}",
  "number.ambiguous": "This number can be read in two ways, so it is no answer yet. Write {thousand} or {unit}.",
  "number.not-a-number": "Not understood as a number, so it is no answer yet. Write digits only, with a comma for decimals, such as 12,5.",
  "number.too-long": "This number is too long: at most 15 digits before the comma and 10 behind it.",
  "text.left": "{count} characters left",
  "region.chosen": "{text}: chosen.",
  "region.free": "{text}: not chosen.",
  "program.screen": "Simulated program: {title}",
  "program.row": "{step}: {cells}",
  "program.taken": "Step {number}: {step}",
  "program.count": "{count} of at most {most} steps",
  "program.most": "At most {most} steps. Take the last step back first.",
  "program.undone": "The last step was taken back.",
  "program.restarted": "All steps were removed; the program is at its first screen again.",
  "program.none": "There is no step yet to take back.",
};

export const CATALOGUES = { id: INDONESIAN, en: ENGLISH };

export const pageLanguage = () => globalThis.document?.documentElement.lang ?? "id";

export function text(key, values = {}, language = pageLanguage()) {
  const pattern = (CATALOGUES[language] ?? INDONESIAN)[key];
  if (pattern === undefined) throw new Error(`no text ${key}`);
  return pattern.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")).trim();
}
