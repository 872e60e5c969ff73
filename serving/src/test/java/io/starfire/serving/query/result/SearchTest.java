package io.starfire.serving.query.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a search finds, and how its answers look. */
class SearchTest {
  private static final long TEN = Times.parse("2026-11-20T10");

  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  private final List<RowSet> rows =
      List.of(
          rowSet(
              true,
              SampleRow.of(TEN, "how", "DELIVER IN PERSON", "tags", Arrays.asList("person", "x")),
              SampleRow.of(TEN + 1, "how", null, "tags", null),
              SampleRow.of(TEN + 2, "how", "NONE", "tags", Arrays.asList("Person2"))),
          rowSet(
              false,
              SampleRow.of(
                  TEN + 3_600_000, "how", "DELIVER IN PERSON", "tags", Arrays.asList("y"))));

  @Test
  void findsTextInAllDimensionsWithoutRegardToCase() {
    assertThat(
            answer(
                ",'granularity':'all','query':{'type':'insensitive_contains','value':'PERSON'},"
                    + "'sort':{'type':'lexicographic'},'context':{'useCache':false}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T00:00:00.000Z','result':["
                + "{'dimension':'how','value':'DELIVER IN PERSON','count':2},"
                + "{'dimension':'tags','value':'Person2','count':1},"
                + "{'dimension':'tags','value':'person','count':1}]}]");
  }

  @Test
  void aLimitTakesValuesDimensionByDimensionAndOrdersThese() {
    assertThat(
            answer(
                ",'granularity':'hour','limit':2,'sort':{'type':'strlen'},"
                    + "'query':{'type':'contains','value':'per','case_sensitive':false}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:00:00.000Z','result':["
                + "{'dimension':'tags','value':'Person2','count':1},"
                + "{'dimension':'how','value':'DELIVER IN PERSON','count':1}]},"
                + "{'timestamp':'2026-11-20T11:00:00.000Z','result':["
                + "{'dimension':'how','value':'DELIVER IN PERSON','count':1}]}]");
  }

  @Test
  void fragmentsMustAllBeThereAndFiltersCount() {
    assertThat(
            answer(
                ",'searchDimensions':['how'],'query':{'type':'fragment','values':['per','deliver']},"
                    + "'filter':{'type':'search','dimension':'tags','query':{'type':'contains','value':'x'}}"))
        .contains("'result':[{'dimension':'how','value':'DELIVER IN PERSON','count':1}]");
    assertThat(answer(",'query':{'type':'contains','value':'per','case_sensitive':true}"))
        .contains("'result':[{'dimension':'tags','value':'person','count':1}]");
    assertThat(answer(",'query':{'type':'regex','pattern':'^N.N'}")).contains("'NONE','count':1");
    assertThat(answer(",'query':{'type':'contains','value':'nothing'}")).isEqualTo("[]");
  }

  @Test
  void mistakesGetASentence() {
    assertRefused(",'query':{'type':'near'}", "query.type 'near' is not known; use one of all,");
    assertRefused(",'limit':0,'query':{'type':'all'}", "limit must be from 1 to 2147483647, got 0");
    assertRefused(
        ",'query':{'type':'fragment','values':[]}", "query.values must name at least one");
    assertRefused(",'query':{'type':'regex','pattern':'('}", "is malformed");
    assertRefused("", "query is missing");
    assertRefused(
        ",'searchDimensions':['a','a'],'query':{'type':'all'}", "searchDimensions names 'a' twice");
  }

  private static void assertRefused(String more, String message) {
    assertThatThrownBy(() -> Answers.parse(query(more)))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private static String query(String more) {
    return "{'queryType':'search','dataSource':'ads','intervals':['2026-11-20/P1D']" + more + "}";
  }

  private String answer(String more) {
    SearchQuery query = (SearchQuery) Answers.parse(query(more));
    SearchHits hits = new SearchHits(query, control);
    for (GroupByQuery counts : query.counts(List.of("how", "tags"))) {
      List<Partial> partials = new ArrayList<>();
      rows.forEach(
          rowSet -> partials.add(QueryEngine.scan(counts, rowSet, Interval.ETERNITY, control)));
      hits.add(counts, QueryEngine.merge(counts, partials, control), control);
    }
    return Answers.text(hits.answer());
  }

  private static RowSet rowSet(boolean stored, SampleRow... rows) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("how", ColumnType.STRING);
    types.put("tags", ColumnType.STRING);
    return new ArrayRowSet(List.of(rows), types, stored);
  }
}
