/** What the practice says beside its items; part of `texts.js`. */

export const PRACTICE = {
  id: {
    "practice.place": "Sebelum mulai",
    "practice.title": "Latihan singkat",
    "practice.end": "Selesai latihan",
    "practice.tried": "sudah dicoba",
    "practice.untried": "belum dicoba",
  },
  en: {
    "practice.place": "Before the start",
    "practice.title": "A short practice",
    "practice.end": "End the practice",
    "practice.tried": "tried",
    "practice.untried": "not tried yet",
  },
};
