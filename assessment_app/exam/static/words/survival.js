/** Sentences about going on without network, in another tab, or with storage that takes nothing; see texts.js. */

export const SURVIVAL = {
  id: {
    "tab.title": "Asesmen Anda sedang terbuka di tab lain",
    "tab.body": "Satu asesmen dikerjakan di satu tab saja, supaya tidak ada jawaban yang saling menimpa. Tutup tab ini dan lanjutkan di tab yang lain, atau tekan Lanjutkan di sini. Jawaban Anda ikut pindah.",
    "action.here": "Lanjutkan di sini",
    "storage.full": "Penyimpanan komputer ini penuh. Jawaban tetap dikirim ke server selama jaringan tersambung; jangan memuat ulang halaman saat jaringan putus. Beri tahu pengawas.",
    "storage.refused": "Browser ini tidak menyimpan jawaban di komputer. Jawaban tetap dikirim ke server selama jaringan tersambung; jangan memuat ulang halaman saat jaringan putus. Beri tahu pengawas.",
    "time.more": "Server masih memberi waktu {minutes} menit. Silakan lanjutkan.",
    "check.reload": "Halaman dapat dibuka lagi saat jaringan putus",
    "check.reload.bad": "Belum siap. Saat jaringan putus, jangan menutup atau memuat ulang halaman ini",
    "check.reload.insecure": "Alamat ini tanpa https. Saat jaringan putus, jangan menutup atau memuat ulang halaman ini",
    "signin.cut": "Server ujian belum terjangkau. Jawaban yang tersimpan di komputer ini aman. Tunggu sebentar; setelah tersambung, masuk dengan NIP dan PIN, lalu lanjutkan dari tempat terakhir.",
  },
  en: {
    "tab.title": "Your assessment is open in another tab",
    "tab.body": "An assessment is worked on in one tab only, so that no answer overwrites another. Close this tab and go on in the other one, or press Go on here. Your answers come along.",
    "action.here": "Go on here",
    "storage.full": "The storage of this computer is full. Answers are still sent to the server while the network is there; do not reload the page while it is cut. Tell the proctor.",
    "storage.refused": "This browser saves no answers on the computer. Answers are still sent to the server while the network is there; do not reload the page while it is cut. Tell the proctor.",
    "time.more": "The server still gives {minutes} minutes. Please go on.",
    "check.reload": "The page can be opened again while the network is cut",
    "check.reload.bad": "Not ready yet. While the network is cut, do not close or reload this page",
    "check.reload.insecure": "This address has no https. While the network is cut, do not close or reload this page",
    "signin.cut": "The exam server cannot be reached yet. Answers saved on this computer are safe. Wait a moment; once connected, sign in with NIP and PIN and go on where you stopped.",
  },
};
