"use client";

import dynamic from "next/dynamic";
import styles from "./sandbox.module.css";

/** The sandbox, fetched once the page is there: whoever comes to read waits for neither terminal nor simulator. */
export const LazySandbox = dynamic(() => import("./sandbox").then(({ Sandbox }) => Sandbox), {
  ssr: false,
  loading: () => <div className={styles.sandbox} />,
});
