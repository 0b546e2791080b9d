// Loggers' files, made by code in the structure of real ones.

/** “时间,温度(℃)” in GBK, as spreadsheet programs of the region write it; three readings and a gap. */
export const TABLE = Buffer.concat([
  Buffer.from([0xca, 0xb1, 0xbc, 0xe4, 0x2c, 0xce, 0xc2, 0xb6, 0xc8, 0x28, 0xa1, 0xe6, 0x29, 0x0a]),
  Buffer.from("03/06/2021 08:00,-18.50\n03/06/2021 08:30,-18.4\n03/06/2021 09:00,-18.6\n03/06/2021 12:00,-15.2\n"),
]);

/** Synthetic: a Fridge-tag 2 L whose alarm rings six degrees too late, cut off before its signature. */
export const TAG = [
  "Device: Q-tag Fridge-tag 2 L",
  "Vers: 0.5",
  "Fw Vers: 4.0",
  "Conf:",
  " Serial: 990000000009",
  " Temp unit: C",
  " Alarm:",
  "  1:",
  "   T AL: -12.0, t AL: 60",
  " Logging Interval: 30",
  "Data:",
  "\tyyyy-MM-dd hh:mm\tT\tOut of limits",
  "\t2021-06-24 08:00\t-18.5",
  "\t2021-06-24 08:30\t-18.1",
  "",
].join("\n");

/** Synthetic: a LogTag's table, of which one line holds both alarms, as UTF-16. */
export const LOGTAG = Buffer.from(
  ["\ufeffSerial #,990000000005", "Model,SYN-30", "Reading interval,10 minutes", "Non alert range,-25.0  to  -18.0 °C", "", "Index,Date,Time,Reading", "1,2021-06-24,00:00:00,-19.1", "2,2021-06-24,00:10:00,-18.25", "3,2021-06-24,00:20:00,--.-", "4,2021-06-24,00:30:00,-19.0", ""].join("\r\n"),
  "utf16le",
);

/** As a person picks it. */
export const file = (name, mimeType, bytes) => ({ name, mimeType, buffer: Buffer.from(bytes) });
