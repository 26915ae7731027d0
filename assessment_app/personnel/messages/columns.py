"""Which columns both lists may have, and under which headers they are found; the first is the one we write."""

from __future__ import annotations

from assessment_app.people.messages import COLUMNS as PEOPLE

PERSONNEL = {
    "nip": (*PEOPLE["nip"], "NIPBARU"),
    "name": PEOPLE["name"],
    "nik": ("NIK", "NO KTP", "NOMOR KTP", "NOMOR INDUK KEPENDUDUKAN"),
    "born": (*PEOPLE["born"], "TGLLAHIR"),
    "sex": (*PEOPLE["sex"], "JENISKELAMIN"),
    "standing": ("KEDUDUKAN", "KEDUDUKAN HUKUM", "KEDUDUKAN PNS", "KEDUDUKAN PNS NAMA", "KEDUDUKANPNSNAMA"),
    "post": (*PEOPLE["title"], "JABATANNAMA"),
    "level": (*PEOPLE["level"], "ASNJENJANGJABATAN"),
    "echelon": PEOPLE["echelon"],
    "grade": (*PEOPLE["grade"], "GOL AKHIR", "GOL RUANG AKHIR", "GOLRUANGAKHIR"),
    "unit": (*PEOPLE["unit"], "UNORNAMA", "SATUANKERJAKERJANAMA"),
    "pension": ("TMT PENSIUN", "TMTPENSIUN", "TANGGAL PENSIUN"),
    "contract_end": ("AKHIR KONTRAK", "TMT AKHIR KONTRAK", "AKHIR PERJANJIAN KERJA"),
    "moved_out": ("MUTASI KELUAR", "TMT MUTASI KELUAR", "PINDAH KELUAR", "TANGGAL MUTASI KELUAR"),
    "dukcapil": ("STATUS DUKCAPIL", "DUKCAPIL", "STATUS KEPENDUDUKAN"),
    "allowance": ("TUNJANGAN", "TUNJANGAN JABATAN"),
    "last_login": ("LOGIN MYASN TERAKHIR", "MYASN TERAKHIR"),
    "last_presence": ("PRESENSI TERAKHIR", "KEHADIRAN TERAKHIR"),
    "absence_reason": ("ALASAN TIDAK HADIR", "KETERANGAN TIDAK HADIR"),
}  # fmt: skip
"""The export of SIASN; every name that public clients of it show is here (domain.md 10.5)."""

PAYROLL = {
    "nip": PEOPLE["nip"],
    "name": (*PEOPLE["name"], "NAMA PENERIMA"),
    "month": ("BULAN", "BULAN GAJI", "PERIODE", "PERIODE GAJI"),
    "year": ("TAHUN", "TAHUN GAJI"),
    "grade": PEOPLE["grade"],
    "post": PEOPLE["title"],
    "unit": PEOPLE["unit"],
    "allowance": PERSONNEL["allowance"],
    "net": ("GAJI BERSIH", "JUMLAH BERSIH", "JUMLAH DIBAYARKAN", "NETTO"),
    "account": ("NOMOR REKENING", "NO REKENING", "REKENING"),
}

DATES = ("born", "pension", "contract_end", "moved_out", "last_login", "last_presence", "month")

EXAMPLES = {
    "nip": "contoh: 198503172010011987", "name": "Nama Pegawai, S.Sos.", "nik": "1871011703850001",
    "born": "17-03-1985", "sex": "L", "standing": "Aktif", "post": "Analis Kebijakan",
    "level": "Ahli Muda",
    "grade": "III/c", "unit": "Dinas Contoh",
    "pension": "01-04-2043", "allowance": "540000", "month": "Juli 2026", "year": "2026",
    "net": "4250000", "account": "1234567890", "dukcapil": "Hidup",
}  # fmt: skip
"""One invented row for templates; its NIP is written so that no comparison takes it."""
