package io.starfire.serving.query.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Subtotals and grand totals of groupBys, by example. The oracle has random ones. */
class SubtotalsTest {
  private static final long TEN = Times.parse("2026-11-20T10");

  private final RowSet rows =
      new ArrayRowSet(
          List.of(
              SampleRow.of(TEN, "city", "Ulm", "kind", "a"),
              SampleRow.of(TEN, "city", "Ulm", "kind", "b"),
              SampleRow.of(TEN, "city", "Bonn", "kind", "b")),
          Map.of("city", ColumnType.STRING, "kind", ColumnType.STRING),
          true);

  private String aggregations = "{'type':'count','name':'n'}";

  @Test
  void eachSubtotalFollowsTheOtherWithNullForWhatItDoesNotHave() {
    assertThat(
            answer(
                "'subtotalsSpec':[['kind','city'],['city'],[]],'context':{'resultAsArray':true,'grandTotal':true}"))
        .isEqualTo(
            "[['Bonn','b',1],['Ulm','a',1],['Ulm','b',1],['Bonn',null,1],['Ulm',null,2],[null,null,3],[null,null,3]]");
  }

  @Test
  void havingAndLimitHoldForEachSubtotalButNotForTheGrandTotal() {
    String more =
        "'having':{'type':'greaterThan','aggregation':'n','value':1},"
            + "'limitSpec':{'type':'default','limit':1,'columns':['kind']}";
    assertThat(answer("'subtotalsSpec':[['kind'],['city']],'context':{'grandTotal':true}," + more))
        .isEqualTo(
            """
            [{'version':'v1','timestamp':'2026-11-20T00:00:00.000Z','event':{'city':null,'kind':'b','n':2}},\
            {'version':'v1','timestamp':'2026-11-20T00:00:00.000Z','event':{'city':'Ulm','kind':null,'n':2}},\
            {'version':'v1','timestamp':null,'event':{'city':null,'kind':null,'n':3}}]\
            """);
  }

  @Test
  void whatASubtotalDoesNotHaveCannotBeAskedFor() {
    assertThatThrownBy(() -> answer("'subtotalsSpec':[['town']]"))
        .hasMessage(
            "subtotalsSpec names 'town', which is not the output of a dimension; those are city,"
                + " kind");
    assertThatThrownBy(
            () ->
                answer(
                    "'subtotalsSpec':[['kind']],'having':{'type':'dimSelector','dimension':'city','value':'Ulm'}"))
        .hasMessage("having names the dimension 'city', which the subtotal [kind] does not have");
  }

  @Test
  void aGroupingSaysWhichDimensionsASubtotalDoesNotHave() {
    aggregations =
        "{'type':'grouping','name':'kind, city','groupings':['kind','city']},"
            + "{'type':'filtered','filter':{'type':'false'},"
            + "'aggregator':{'type':'grouping','name':'city alone','groupings':['city']}}";

    assertThat(
            answer(
                "'subtotalsSpec':[['kind','city'],['city'],['kind'],[]],"
                    + "'limitSpec':{'type':'default','limit':1},"
                    + "'context':{'resultAsArray':true,'grandTotal':true}"))
        .isEqualTo(
            "[['Bonn','b',0,0],['Bonn',null,2,0],[null,'a',1,1],[null,null,3,1],[null,null,3,1]]");
    assertThat(answer("'limitSpec':{'type':'default','limit':1},'context':{'resultAsArray':true}"))
        .isEqualTo("[['Bonn','b',0,0]]");
    // The outputs of dimensions are no columns.
    Answers.parse(
            """
            {'queryType':'groupBy','dataSource':'ads','intervals':'2026-11-20/P1D',
             'granularity':'all','subtotalsSpec':[['town']],
             'dimensions':[{'type':'default','dimension':'city','outputName':'town'}],
             'aggregations':[{'type':'grouping','name':'x','groupings':['town']}]}
            """)
        .checkColumns(List.of("city"));
    aggregations = "{'type':'grouping','name':'x','groupings':['town']}";
    assertThatThrownBy(() -> answer("'subtotalsSpec':[['kind']]"))
        .hasMessage(
            "aggregation 'x' of type grouping names 'town', which is not the output of a dimension;"
                + " those are city, kind");
    aggregations = "{'type':'grouping','name':'x'}";
    assertThatThrownBy(() -> answer("'subtotalsSpec':[['kind']]"))
        .hasMessage(
            "aggregation 'x' of type grouping must name from 1 to 63 dimensions in groupings, got"
                + " 0");
  }

  private String answer(String more) {
    GroupByQuery query =
        (GroupByQuery)
            Answers.parse(
                """
                {'queryType':'groupBy','dataSource':'ads','intervals':'2026-11-20/P1D',
                 'granularity':'all','dimensions':['city','kind'],
                 'aggregations':[%s],%s}
                """
                    .formatted(aggregations, more));
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
    return Answers.text(
        Subtotals.answer(
            query,
            control,
            (one, part) ->
                ResultBuilder.finish(
                    one, QueryEngine.scan(one, rows, Interval.ETERNITY, part), part)));
  }
}
