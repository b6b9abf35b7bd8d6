/** keytar is optional: where its library is missing it is not installed, and the types must be known all the same. */
declare module 'keytar' {
  const keytar: {
    getPassword(service: string, account: string): Promise<string | null>
    setPassword(service: string, account: string, password: string): Promise<void>
    deletePassword(service: string, account: string): Promise<boolean>
  }
  // biome-ignore lint/style/noDefaultExport: this is how keytar exports
  export default keytar
}
