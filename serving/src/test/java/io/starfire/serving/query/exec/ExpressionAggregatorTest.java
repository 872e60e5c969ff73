package io.starfire.serving.query.exec;

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
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Aggregates that a query defines by expressions, by example. The oracle has random ones. */
class ExpressionAggregatorTest {
  private static final long TEN = Times.parse("2026-11-20T10");

  /** A single quote of an expression, since those of the JSON here are double ones. */
  private static final String Q = "\\u0027";

  private static final Map<String, ColumnType> TYPES =
      Map.of(
          "g", ColumnType.STRING,
          "city", ColumnType.STRING,
          "tags", ColumnType.STRING,
          "n", ColumnType.LONG,
          "x", ColumnType.DOUBLE);

  private final List<RowSet> rows =
      List.of(
          set(
              SampleRow.of(
                  TEN, "g", "a", "city", "Ulm", "tags", List.of("u", "v"), "n", 1L, "x", 0.5),
              SampleRow.of(
                  TEN + 1, "g", "a", "city", "Bonn", "tags", List.of("v"), "n", 2L, "x", 1.5),
              SampleRow.of(
                  TEN + 2, "g", "b", "city", null, "tags", List.of(), "n", null, "x", 2.0)),
          set(
              SampleRow.of(
                  TEN + 3, "g", "a", "city", "Ulm", "tags", List.of("w"), "n", 5L, "x", 4.0)));

  @Test
  void numbersAreFoldedAndKeepTheTypeThatTheyBeginWith() {
    assertThat(
            values(
                "'fields':['n'],'initialValue':'0','fold':'n +"
                    + " __acc','shouldAggregateNullInputs':false"))
        .isEqualTo("8, null");
    assertThat(values("'fields':['n'],'initialValue':'0','fold':'n + __acc'"))
        .as("a null makes the sum null")
        .isEqualTo("8, null");
    assertThat(values("'fields':['x'],'initialValue':'0','fold':'x + __acc'"))
        .as("each step is cast to LONG")
        .isEqualTo("5, 2");
    assertThat(
            values(
                "'fields':['n','x'],'accumulatorIdentifier':'sum','initialValue':'0.0',"
                    + "'fold':'sum + nvl(n, 1) * x','combine':'sum + agg','finalize':'o / 2'"))
        .isEqualTo("11.75, 1.0");
    assertThat(values("'fields':[],'initialValue':'0','fold':'__acc + 1','combine':'__acc + agg'"))
        .isEqualTo("3, 1");
    assertThat(
            values(
                "'fields':['x'],'initialValue':'cast(null, "
                    + Q
                    + "DOUBLE"
                    + Q
                    + ")','fold':'greatest(__acc, x)'"))
        .isEqualTo("4.0, 2.0");
  }

  @Test
  void arrayAggHasTheValuesInTheOrderOfTheRows() {
    assertThat(values(arrayAgg("STRING", "city", "append", "concat")))
        .isEqualTo("['Ulm','Bonn','Ulm'], [null]");
    assertThat(values(arrayAgg("LONG", "n", "append", "concat"))).isEqualTo("[1,2,5], [null]");
    assertThat(values(arrayAgg("DOUBLE", "x", "append", "concat")))
        .isEqualTo("[0.5,1.5,4.0], [2.0]");
    assertThat(values(arrayAgg("STRING", "city", "set_add", "set_add_all")))
        .isEqualTo("['Ulm','Bonn'], [null]");
    assertThat(values(arrayAgg("STRING", "tags", "append", "concat")))
        .as("each value of a row")
        .isEqualTo("['u','v','v','w'], [null]");
    assertThat(values(arrayAgg("STRING", "absent", "append", "concat")))
        .isEqualTo("[null,null,null], [null]");
  }

  private static String arrayAgg(String type, String field, String add, String merge) {
    return ("'fields':['%s'],'initialValue':'ARRAY<%s>[]','fold':'array_%s(__acc,"
            + " %s)','combine':'array_%s(__acc, agg)','shouldCombineAggregateNullInputs':false")
        .formatted(field, type, add, field, merge);
  }

  @Test
  void stringAggJoinsTexts() {
    String stringAgg =
        "'fields':['city'],'initialValue':'[]','shouldAggregateNullInputs':false,'fold':'array_append(__acc,"
            + " city)','combine':'array_concat(__acc, agg)','finalize':'if(array_length(o) == 0,"
            + " null, array_to_string(o, "
            + Q
            + ","
            + Q
            + "))'";
    assertThat(values(stringAgg)).isEqualTo("Ulm,Bonn,Ulm, null");
    assertThat(values(stringAgg + ",'isNullUnlessAggregated':false"))
        .isEqualTo("Ulm,Bonn,Ulm, null");
  }

  @Test
  void aGroupWithoutRowsIsNullUnlessItIsAskedFor() {
    String filtered =
        "{'type':'filtered','filter':{'type':'selector','dimension':'g','value':'a'},'aggregator':{'type':'expression','name':'agg','fields':[],'initialValue':'7','fold':'__acc"
            + " + 1','initialCombineValue':'0','combine':'__acc + agg'%s}}";
    assertThat(column(query(filtered.formatted(""), "")))
        .as("two row sets, each of which begins with 7")
        .isEqualTo("17, null");
    assertThat(column(query(filtered.formatted(",'isNullUnlessAggregated':false"), "")))
        .isEqualTo("17, 0");
  }

  @Test
  void whatIsNotFinishedIsShownWhenItIsAskedFor() {
    String aggregation =
        "'fields':['n'],'initialValue':'[]','fold':'array_append(__acc,"
            + " n)','combine':'array_concat(__acc, agg)','finalize':'array_length(o)'";
    assertThat(values(aggregation)).isEqualTo("3, 1");
    assertThat(column(query(expression(aggregation), ",'context':{'finalize':false}")))
        .isEqualTo("['1','2','5'], [null]");
  }

  @Test
  void groupsAreOrderedByWhatComparesOrByTheArray() {
    String order =
        ",'limitSpec':{'type':'default','columns':[{'dimension':'agg','direction':'%s'}]}";
    String lists = arrayAgg("DOUBLE", "x", "append", "concat");
    assertThat(column(query(expression(lists), order.formatted("ascending"))))
        .isEqualTo("[0.5,1.5,4.0], [2.0]");
    assertThat(
            column(
                query(
                    expression(lists + ",'compare':'array_length(o1) - array_length(o2)'"),
                    order.formatted("ascending"))))
        .isEqualTo("[2.0], [0.5,1.5,4.0]");
    assertThatThrownBy(
            () ->
                Answers.parse(
                    query(
                        expression(lists),
                        ",'having':{'type':'equalTo','aggregation':'agg','value':1}")))
        .hasMessageContaining("having compares groups by 'agg', which is an array or an object");
  }

  @Test
  void postAggregationsReadArraysAndMakeThem() {
    String posts = ",'postAggregations':[{'type':'expression','name':'p','expression':'%s'}]";
    String lists = expression(arrayAgg("LONG", "n", "append", "concat"));
    assertThat(result(query(lists, posts.formatted("array_length(agg)"))))
        .isEqualTo("[['a',[1,2,5],3],['b',[null],1]]");
    assertThat(result(query(lists, posts.formatted("array_concat(agg, [9])"))))
        .isEqualTo("[['a',[1,2,5],[1,2,5,9]],['b',[null],[null,9]]]");
    assertThat(
            result(
                query(
                    "{'type':'count','name':'agg'}",
                    ",'postAggregations':[{'type':'expression','name':'p','expression':'regexp_extract(g,"
                        + " "
                        + Q
                        + "[a-f]"
                        + Q
                        + ")'}]")))
        .as("a pattern is not left out where groups are shown")
        .isEqualTo("[['a',3,'a'],['b',1,'b']]");
  }

  @Test
  void aValueThatGrowsTooLongIsRefused() {
    String small = arrayAgg("LONG", "n", "append", "concat") + ",'maxSizeBytes':30";
    assertThatThrownBy(() -> values(small))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
        .hasMessage(
            "aggregation 'agg' of type expression makes a value of 32 bytes of one group; its"
                + " maxSizeBytes is 30; raise it, or aggregate less");
    assertThat(values(small.replace("30", "32"))).isEqualTo("[1,2,5], [null]");
    assertThat(values("'fields':['n'],'initialValue':'0','fold':'n + __acc','maxSizeBytes':1"))
        .as("numbers have one size")
        .isEqualTo("8, null");
  }

  @Test
  void whatCannotBeFoldedIsRefusedInASentence() {
    assertRefused(
        "'fields':['n'],'fold':'n'", "aggregation 'agg' of type expression needs initialValue");
    assertRefused(
        "'fields':['n'],'initialValue':'0'", "aggregation 'agg' of type expression needs fold");
    assertRefused(
        "'fields':['n','x'],'initialValue':'0','fold':'n + x'",
        "needs combine, which only one with a single field may leave out");
    assertRefused(
        "'fields':['n'],'initialValue':'0','fold':'n + x'",
        "the expression 'n + x' of fold of the aggregation 'agg' reads 'x', which is not one of its"
            + " fields; those are n");
    assertRefused(
        "'fields':['n'],'initialValue':'n','fold':'n'",
        "the expression 'n' of initialValue of the aggregation 'agg' reads 'n'; what it can read is"
            + " nothing");
    assertRefused(
        "'fields':['n'],'initialValue':'0','fold':'n','finalize':'agg'",
        "the expression 'agg' of finalize of the aggregation 'agg' reads 'agg'; what it can read is"
            + " o");
    assertRefused(
        "'fields':['n'],'initialValue':'0','fold':'n','accumulatorIdentifier':'n'",
        "has 'n' as its accumulatorIdentifier, which is its own name or one of its fields");
    assertRefused("'fields':['n'],'initialValue':'0','fold':'nn(n)'", "there is no function 'nn'");
    assertRefused(
        "'fields':['n'],'initialValue':'0','fold':'n','keyDimensions':['a']", "keyDimensions");
  }

  private static void assertRefused(String aggregation, String message) {
    assertThatThrownBy(() -> Answers.parse(query(expression(aggregation), "")))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(message);
  }

  private static RowSet set(SampleRow... rows) {
    return new ArrayRowSet(List.of(rows), TYPES, true);
  }

  private static String expression(String parts) {
    return "{'type':'expression','name':'agg'," + parts + "}";
  }

  private static String query(String aggregation, String more) {
    return "{'queryType':'groupBy','dataSource':'d','granularity':'all','intervals':'2026/2027',"
        + "'dimensions':['g'],'aggregations':["
        + aggregation
        + "]"
        + more
        + "}";
  }

  /** The results of the groups a and b. */
  private String values(String parts) {
    return column(query(expression(parts), ""));
  }

  private String column(String query) {
    List<String> values = new ArrayList<>();
    answer(query).rows().forEach(row -> values.add(text(row.values().get(1))));
    return String.join(", ", values);
  }

  private static String text(Object value) {
    if (!(value instanceof Object[] elements)) {
      return String.valueOf(value);
    }
    List<String> texts = new ArrayList<>();
    for (Object element : elements) {
      texts.add(element instanceof String ? "'" + element + "'" : String.valueOf(element));
    }
    return "[" + String.join(",", texts) + "]";
  }

  private String result(String query) {
    String context = query.substring(0, query.length() - 1) + ",'context':{'resultAsArray':true}}";
    return Answers.text(answer(context));
  }

  /** Over the row sets, one of which is sent. */
  private QueryResult answer(String json) {
    AggregateQuery query = (AggregateQuery) Answers.parse(json);
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
    List<Partial> partials = new ArrayList<>();
    for (RowSet set : rows) {
      partials.add(QueryEngine.scan(query, set, Interval.ETERNITY, control));
    }
    partials.set(
        1, PartialCodec.read(query, PartialCodec.write(partials.get(1), control), control));
    return ResultBuilder.finish(query, QueryEngine.merge(query, partials, control), control);
  }
}
