package io.starfire.event;

/** Things worth counting that are not outcomes: the event they concern has an outcome besides. */
public enum Anomaly {
  /** An identity that was seen at another event time; both are kept. */
  IDENTITY_CONFLICT,
  /** A copy of an identified event whose content differs from the one that was kept. */
  CONFLICTING_DUPLICATE
}
