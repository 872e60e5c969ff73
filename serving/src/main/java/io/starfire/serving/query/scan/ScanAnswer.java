package io.starfire.serving.query.scan;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.AnswerJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a scan: the rows are read while they are written, so that it can be written once,
 * and only while the sources are open. Used by one thread.
 */
public final class ScanAnswer implements Answer {
  private final ScanQuery query;
  private final List<ScanColumn> columns;
  private final RowFeed feed;

  /**
   * Reads nothing yet.
   *
   * @param known all columns of the data source with their types, in order
   * @param sources that show in the query's view, in the order in which unordered rows come
   * @param onFailure makes the exception that says which source could not be read
   */
  public ScanAnswer(
      ScanQuery query,
      Map<String, ColumnType> known,
      List<RowSource> sources,
      QueryControl control,
      BiFunction<RowSource, StarfireException, StarfireException> onFailure) {
    this.query = query;
    this.columns = ScanColumn.of(query, known);
    this.feed = RowFeed.of(query, columns, sources, control, onFailure);
  }

  /** Rows that were looked at so far. */
  public long rowsScanned() {
    return feed.rowsScanned();
  }

  @Override
  public void writeTo(OutputStream out, boolean pretty) throws IOException {
    try (JsonGenerator json = AnswerJson.generator(out, pretty)) {
      json.writeStartArray();
      new Batches(json).writeAll();
      json.writeEndArray();
    }
  }

  /** Rows are written into the open batch, until it is full or the source changes. */
  private final class Batches {
    private final JsonGenerator json;
    private @Nullable String id;
    private int rows;
    private boolean open;

    Batches(JsonGenerator json) {
      this.json = json;
    }

    void writeAll() throws IOException {
      long limit = query.limit() == 0 ? Long.MAX_VALUE : query.limit();
      for (long skipped = 0; skipped < query.offset(); skipped++) {
        if (feed.next() == null) {
          return;
        }
      }
      for (long written = 0; written < limit; written++) {
        RowCursor row = feed.next();
        if (row == null) {
          break;
        }
        write(row);
      }
      close();
    }

    private void write(RowCursor row) throws IOException {
      // Ordered rows change between sources all the time; as in Druid, their batches have no id.
      String rowId = query.order() == ScanQuery.Order.NONE ? row.source().id() : null;
      if (open && (rows == query.batchSize() || !Objects.equals(id, rowId))) {
        close();
      }
      if (!open) {
        open(rowId);
      }
      rows++;
      boolean list = query.format() == ScanQuery.Format.LIST;
      if (list) {
        json.writeStartObject();
      } else {
        json.writeStartArray();
      }
      for (int column = 0; column < columns.size(); column++) {
        if (list) {
          json.writeFieldName(columns.get(column).name());
        }
        row.write(json, column);
      }
      if (list) {
        json.writeEndObject();
      } else {
        json.writeEndArray();
      }
    }

    private void open(@Nullable String batchId) throws IOException {
      id = batchId;
      rows = 0;
      open = true;
      json.writeStartObject();
      json.writeStringField("segmentId", id);
      json.writeArrayFieldStart("columns");
      for (ScanColumn column : columns) {
        json.writeString(column.name());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("events");
    }

    private void close() throws IOException {
      if (open) {
        json.writeEndArray();
        json.writeArrayFieldStart("rowSignature");
        for (ScanColumn column : columns) {
          json.writeStartObject();
          json.writeStringField("name", column.name());
          json.writeStringField("type", column.type().name());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        open = false;
      }
    }
  }
}
