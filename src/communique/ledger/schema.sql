-- The ledger, as numbered migration 1 makes it. Days are whole numbers (20240704; 0: unknown), moments ISO texts in UTC.
-- Said: document, item, reader, reading, record. Laid over it by people: judgement, judged, tombstone.
-- Derived, and made again from the above: actor, pair, about, words, texts, band, and all that is concluded.

-- Actors, terms and series, which come out of texts and go with them; and labels, which don't: outlets, languages, types.
CREATE TABLE name (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE label (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

-- `given` is the id that the item came with; `id` differs from it where two outlets use the same one.
CREATE TABLE document (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, given TEXT NOT NULL, house TEXT
) STRICT;
CREATE INDEX document_given ON document (given);

-- One text of a document. `stamp`: when its publisher made it; `state`: 1 stands, 0 superseded.
CREATE TABLE item (
  key INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document (key),
  version INTEGER NOT NULL,
  text_id TEXT NOT NULL,
  stamp TEXT NOT NULL,
  recorded TEXT NOT NULL,
  superseded TEXT,
  state INTEGER NOT NULL,
  outlet INTEGER,
  language INTEGER,
  day INTEGER NOT NULL,
  text BLOB,
  bands BLOB,
  UNIQUE (document, text_id)
) STRICT;
CREATE INDEX item_day ON item (day, key);
CREATE INDEX item_outlet ON item (outlet, day, state);

CREATE TABLE reader (key INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT;

-- What one reader made of one item: the document's particulars, entities, problems; its records stand in `record`.
CREATE TABLE reading (
  key INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item (key),
  reader INTEGER NOT NULL REFERENCES reader (key),
  recorded TEXT NOT NULL,
  superseded TEXT,
  document BLOB NOT NULL,
  found BLOB NOT NULL,
  UNIQUE (item, reader)
) STRICT;

CREATE TABLE problem (
  reading INTEGER NOT NULL REFERENCES reading (key), ordinal INTEGER NOT NULL, code INTEGER NOT NULL,
  PRIMARY KEY (code, reading, ordinal)
) STRICT, WITHOUT ROWID;

-- `state`: 1 stands, 0 superseded, 2 judged wrong. `body` is what the reader said and is never changed; the other columns
-- serve the filters and follow the judgements. `day`: when it happened, else when its item was published.
CREATE TABLE record (
  key INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item (key),
  reading INTEGER NOT NULL REFERENCES reading (key),
  id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  type INTEGER NOT NULL,
  modality INTEGER,
  quad INTEGER,
  weight REAL,
  day INTEGER NOT NULL,
  due INTEGER,
  confidence REAL NOT NULL,
  outlet INTEGER,
  language INTEGER,
  state INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX record_id ON record (id);
CREATE INDEX record_item ON record (item);
CREATE INDEX record_reading ON record (reading);
CREATE INDEX record_day ON record (day, key, state, kind, type, confidence, modality, outlet, language);
CREATE INDEX record_type ON record (type, day, key, state, confidence);
CREATE INDEX record_due ON record (due, key) WHERE due IS NOT NULL;

-- `way` of an actor: 1 acts, 2 is acted upon, 3 both. Of a pair with a < b: 1 a acts on b, 2 b on a, 3 both, 0 side by side.
CREATE TABLE actor (
  name INTEGER NOT NULL, day INTEGER NOT NULL, record INTEGER NOT NULL,
  way INTEGER NOT NULL, kind INTEGER NOT NULL, type INTEGER NOT NULL,
  PRIMARY KEY (name, day, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE pair (
  a INTEGER NOT NULL, b INTEGER NOT NULL,
  day INTEGER NOT NULL, record INTEGER NOT NULL,
  way INTEGER NOT NULL, kind INTEGER NOT NULL, type INTEGER NOT NULL,
  PRIMARY KEY (a, b, day, record)
) STRICT, WITHOUT ROWID;
-- Which terms a record is about, beside each code that takes part.
CREATE TABLE about (
  term INTEGER NOT NULL, code INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (term, code, record)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE texts USING fts5 (text, content='', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE band (
  band INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (band, item)
) STRICT, WITHOUT ROWID;

-- Concluded. A link's keys are items (copy, translation) or records; links of superseded records stay, for days gone by.
CREATE TABLE link (
  kind INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, score REAL NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (kind, a, b), CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_b ON link (kind, b, a);
CREATE TABLE cluster (
  key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL,
  day INTEGER NOT NULL, UNIQUE (kind, id)
) STRICT;
CREATE INDEX cluster_size ON cluster (kind, size, key);
CREATE INDEX cluster_day ON cluster (kind, day, key);
CREATE TABLE member (
  kind INTEGER NOT NULL, key INTEGER NOT NULL, cluster INTEGER NOT NULL REFERENCES cluster (key),
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_cluster ON member (cluster, key);
CREATE TABLE entry (
  promise TEXT NOT NULL, ordinal INTEGER NOT NULL, record INTEGER NOT NULL,
  item INTEGER NOT NULL, day INTEGER NOT NULL, entry INTEGER NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (promise, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_record ON entry (record);
CREATE INDEX entry_day ON entry (day, entry);
CREATE TABLE series (
  series INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (series, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX series_record ON series (record);

-- A judgement names its record by id, and by kind, document and words of evidence, so that a newer reader's equal record
-- inherits it; `judged` says which records that are (side 0: the record, 1: the other).
CREATE TABLE judgement (
  key INTEGER PRIMARY KEY, verdict TEXT NOT NULL, record TEXT NOT NULL, other TEXT, author TEXT NOT NULL, time TEXT NOT NULL,
  note TEXT NOT NULL, field TEXT, value TEXT
) STRICT;
CREATE INDEX judgement_record ON judgement (record);
CREATE INDEX judgement_other ON judgement (other);
CREATE TABLE hold (
  judgement INTEGER NOT NULL REFERENCES judgement (key), side INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES document (key),
  kind TEXT NOT NULL, id TEXT NOT NULL, words TEXT NOT NULL, spans TEXT NOT NULL, PRIMARY KEY (judgement, side, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_document ON hold (document);
CREATE INDEX hold_id ON hold (id);
CREATE TABLE judged (
  kind TEXT NOT NULL, key INTEGER NOT NULL, judgement INTEGER NOT NULL REFERENCES judgement (key), side INTEGER NOT NULL,
  PRIMARY KEY (kind, key, judgement, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX judged_judgement ON judged (judgement);

-- What was taken out, and why; the hash keeps it out.
CREATE TABLE tombstone (
  document TEXT NOT NULL, text_id TEXT NOT NULL, item INTEGER NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL,
  time TEXT NOT NULL, PRIMARY KEY (document, text_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_text ON tombstone (text_id);
