/** What the pages say of what somebody was granted; part of `texts.js`. */

export const NEEDS = {
  id: {
    "needs": "Anda mendapat {list}.",
    "needs.time": "tambahan waktu {minutes} menit",
    "needs.text": "teks besar",
    "needs.breaks": "{count} kali istirahat {minutes} menit (angkat tangan bila perlu)",
    "needs.reader": "pembaca {name}",
    "start.extra": "{base} menit untuk semua peserta, ditambah {extra} menit untuk Anda.",
  },
  en: {
    "needs": "You are given {list}.",
    "needs.time": "{minutes} minutes more",
    "needs.text": "large text",
    "needs.breaks": "{count} breaks of {minutes} minutes (raise your hand when you need one)",
    "needs.reader": "a reader, {name}",
    "start.extra": "{base} minutes for everybody, and {extra} minutes more for you.",
  },
};
