package io.starfire.serving.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.segment.column.RowSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random queries over random rows, spread over row sets of all kinds, against a naive engine. */
class QueryEngineOracleTest {
  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);

  @Test
  void everyAnswerIsThatOfTheNaiveEngine() {
    long seed = Long.getLong("starfire.seed", 20_261_121L);
    System.out.println("-Dstarfire.seed=" + seed);
    Random random = new Random(seed);
    RandomQueries queries = new RandomQueries(random);
    for (int round = 0; round < 8; round++) {
      List<SampleRow> all = new ArrayList<>();
      List<RowSet> rowSets = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        List<SampleRow> rows = queries.rows(random.nextInt(random.nextBoolean() ? 2500 : 20));
        all.addAll(rows);
        rowSets.add(new ArrayRowSet(rows, RandomQueries.TYPES, random.nextBoolean()));
      }
      for (int i = 0; i < 40; i++) {
        AggregateQuery query = queries.query();
        assertThat(answer(query, rowSets))
            .as("seed %d round %d query %d: %s", seed, round, i, query)
            .isEqualTo(NaiveEngine.answer(query, all));
      }
    }
  }

  private QueryResult answer(AggregateQuery query, List<RowSet> rowSets) {
    List<Partial> partials = new ArrayList<>();
    for (RowSet rows : rowSets) {
      partials.add(QueryEngine.scan(query, rows, Interval.ETERNITY, control));
    }
    return QueryEngine.finish(query, QueryEngine.merge(query, partials, control), control);
  }
}
