package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * A query asks for one data source with other publications than its view has.
 *
 * @param subscriber who asks
 * @param base number of the view that the query uses, and that the subscriber keeps in use
 * @param dataSource the data source of the query
 * @param publication id of a staged publication, to be seen as if it were active; null if {@code
 *     view} is given
 * @param view number of an earlier view, whose publications are to be seen; null if {@code
 *     publication} is given
 */
public record VariantRequest(
    String subscriber, long base, String dataSource, String publication, Long view) {
  public VariantRequest {
    requireNonNull(subscriber, "subscriber");
    requireNonNull(dataSource, "dataSource");
    if ((publication == null) == (view == null)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a variant of a view is that of a publication or that of an earlier view, got publication %s and view %s"
              .formatted(publication, view));
    }
  }

  /** With a staged publication. */
  public static VariantRequest staged(
      String subscriber, long base, String dataSource, String publication) {
    return new VariantRequest(subscriber, base, dataSource, publication, null);
  }

  /** With the publications of an earlier view. */
  public static VariantRequest earlier(String subscriber, long base, String dataSource, long view) {
    return new VariantRequest(subscriber, base, dataSource, null, view);
  }
}
