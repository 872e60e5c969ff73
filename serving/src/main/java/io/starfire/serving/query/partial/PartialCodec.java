package io.starfire.serving.query.partial;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.aggregate.AggregateColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.vector.VectorReader;
import io.starfire.serving.query.vector.VectorWriter;
import java.util.zip.CRC32C;

/**
 * Partial results as bytes, so that they can be kept and sent. Numbers have the lowest byte first.
 *
 * <pre>
 * partial    := {@link #MAGIC} (int)  {@link #VERSION} (int)  length of the body (int)
 *               CRC32C of the body (int)  body
 * body       := rows scanned (long)  rows matched (long)  groups (int)  keys (int)  aggregates (int)
 *               { dictionary  ids (int for each group) }*  { vectors of the aggregate }*
 * dictionary := ids (int), that of null included  then of text the ends (int each) and the UTF-8,
 *               of numbers their bits (long each)
 * vector     := values (int): one for each group, or 0 if it is not used  then the values
 * </pre>
 *
 * <p>The first key is the time bucket. The kinds of the keys and of the aggregates are those of the
 * query, which a reader has to know. Stateless.
 */
public final class PartialCodec {
  static final int MAGIC = 0x52504653;
  static final int VERSION = 1;
  private static final int HEADER_BYTES = 16;

  private PartialCodec() {}

  /**
   * Writes a partial result, which stays as it is.
   *
   * @param control asked before each column whether the query may go on
   */
  public static byte[] write(Partial partial, QueryControl control) {
    VectorWriter body = new VectorWriter();
    int groups = partial.groupCount();
    body.putLong(partial.rowsScanned());
    body.putLong(partial.rowsMatched());
    body.putInt(groups);
    body.putInt(partial.keyCount());
    body.putInt(partial.aggregateCount());
    for (int k = 0; k < partial.keyCount(); k++) {
      control.check();
      if (partial.isShared(k)) {
        Partial.OwnKey own = partial.ownKey(k, control);
        own.values().write(body);
        body.putInts(own.ids(), groups);
      } else {
        partial.keyDictionary(k).write(body);
        body.putInts(partial.keyIds(k), groups);
      }
    }
    for (int a = 0; a < partial.aggregateCount(); a++) {
      control.check();
      partial.aggregate(a).write(body, groups);
    }
    byte[] bytes = body.toByteArray();
    VectorWriter whole = new VectorWriter();
    whole.putInt(MAGIC);
    whole.putInt(VERSION);
    whole.putInt(bytes.length);
    whole.putInt(checksum(bytes, 0, bytes.length));
    whole.putBytes(bytes, 0, bytes.length);
    return whole.toByteArray();
  }

  /**
   * Reads a partial result of a query.
   *
   * @param control on whose account it is
   * @throws io.starfire.common.StarfireException with CORRUPT if the bytes are not one
   */
  public static Partial read(AggregateQuery query, byte[] bytes, QueryControl control) {
    VectorReader header = new VectorReader(bytes, 0, bytes.length);
    int magic = header.getInt();
    int version = header.getInt();
    int length = header.getInt();
    int checksum = header.getInt();
    if (magic != MAGIC || version != VERSION) {
      throw VectorReader.damaged(
          "the mark %08x and the version %d where %08x and %d were expected"
              .formatted(magic, version, MAGIC, VERSION));
    }
    if (length != header.remaining()) {
      throw VectorReader.damaged(
          "%d bytes where %d were expected".formatted(header.remaining(), length));
    }
    if (checksum != checksum(bytes, HEADER_BYTES, length)) {
      throw VectorReader.damaged("another checksum than its bytes");
    }
    return body(query, new VectorReader(bytes, HEADER_BYTES, length), control);
  }

  private static Partial body(AggregateQuery query, VectorReader in, QueryControl control) {
    long scanned = in.getLong();
    long matched = in.getLong();
    int groups = in.getInt();
    int keyCount = in.getInt();
    int aggregateCount = in.getInt();
    if (keyCount != 1 + query.dimensions().size()
        || aggregateCount != query.aggregations().size()) {
      throw VectorReader.damaged(
          "%d keys and %d aggregates where %d and %d were expected"
              .formatted(
                  keyCount,
                  aggregateCount,
                  1 + query.dimensions().size(),
                  query.aggregations().size()));
    }
    if (groups < 0 || (long) groups * Integer.BYTES > in.remaining()) {
      throw VectorReader.damaged("%d groups in %d bytes".formatted(groups, in.remaining()));
    }
    Dictionary[] dictionaries = new Dictionary[keyCount];
    int[][] ids = new int[keyCount][];
    for (int k = 0; k < keyCount; k++) {
      control.check();
      ColumnType type = k == 0 ? ColumnType.LONG : query.dimensions().get(k - 1).outputType();
      dictionaries[k] = Dictionary.read(type, in);
      ids[k] = in.ints(groups);
      checkIds(ids[k], dictionaries[k].size());
    }
    AggregateColumn[] aggregates = Partial.aggregates(query);
    for (AggregateColumn aggregate : aggregates) {
      control.check();
      aggregate.read(in, groups);
      aggregate.grow(groups);
    }
    Partial partial =
        new Partial(
            dictionaries, new GroupIndex(ids, groups), aggregates, new GroupMemory(control));
    partial.countRows(scanned, matched);
    return partial;
  }

  private static void checkIds(int[] ids, int size) {
    for (int id : ids) {
      if (id < 0 || id >= size) {
        throw VectorReader.damaged("id %d of a dictionary of %d".formatted(id, size));
      }
    }
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
