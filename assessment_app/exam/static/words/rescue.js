/** What the pages say about answers that cannot be sent; part of `texts.js`. */

export const RESCUE = {
  id: {
    "rescue.why": "{count} perubahan jawaban belum sampai di server dan tersimpan di komputer ini. Angkat tangan, lalu simpan berkasnya: pengawas dapat memuatnya ke server tanpa jaringan komputer ini.",
    "rescue.unable": "{count} perubahan jawaban belum sampai di server dan tersimpan di komputer ini. Berkas terkunci tidak dapat dibuat karena halaman ini dibuka tanpa https. Angkat tangan; jangan menutup halaman dan jangan mematikan komputer ini.",
    "rescue.saved": "Tersimpan di folder Unduhan: {name}. Tunjukkan kepada pengawas dan biarkan halaman ini terbuka.",
    "signedOut.title": "Silakan masuk lagi",
    "signedOut.body": "Server ujian meminta NIP dan PIN sekali lagi. Setelah masuk, jawaban yang belum terkirim dikirim otomatis.",
    "signedOut.safe": "Jawaban Anda tetap tersimpan di komputer ini.",
  },
  en: {
    "rescue.why": "{count} changes of answers have not reached the server and are saved on this computer. Raise your hand, then save the file: the proctor can load it into the server without this computer's network.",
    "rescue.unable": "{count} changes of answers have not reached the server and are saved on this computer. A sealed file cannot be made because this page was opened without https. Raise your hand; do not close the page and do not turn this computer off.",
    "rescue.saved": "Saved in the Downloads folder: {name}. Show it to the proctor and leave this page open.",
    "signedOut.title": "Please sign in again",
    "signedOut.body": "The exam server asks for NIP and PIN once more. After that, answers that were not sent yet are sent by themselves.",
    "signedOut.safe": "Your answers stay saved on this computer.",
  },
};
