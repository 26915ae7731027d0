/** What the pages say about calls for a proctor and a proctor's messages; part of `texts.js`. */

export const ASSISTANCE = {
  id: {
    "assist.called": "Pengawas dipanggil pukul {time}.",
    "assist.unreachable": "Server belum terjangkau, jadi panggilan belum sampai. Angkat tangan Anda.",
    "assist.unreachable.off": "Server belum terjangkau; panggilan Anda masih berlaku.",
    "assist.toAll": "Pengumuman pengawas:",
    "assist.toSeat": "Pesan pengawas untuk Anda:",
  },
  en: {
    "assist.called": "The proctor was called at {time}.",
    "assist.unreachable": "The server cannot be reached, so the call has not arrived. Raise your hand.",
    "assist.unreachable.off": "The server cannot be reached; your call still stands.",
    "assist.toAll": "Announcement by the proctor:",
    "assist.toSeat": "Message of the proctor for you:",
  },
};
