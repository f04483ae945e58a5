/** The texts whose claims are put to the test. */
export const SO_COMPATIBILITY = 'Linux动态链接库so版本兼容';
export const ADVANCED_FEATURES = '共享库的高级特性';
export const KEY_LEAK = 'pthread_key_leak';
